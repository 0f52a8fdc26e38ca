/** Which headers a value is read from. */
export enum Moment {
  /** Those of the message at hand, as they are now. */
  Now,
  /** Those of the request as this filter's pass over it left them. */
  AfterRequest,
  /** Those of the request before any rule. */
  BeforeRequest,
  /** Those of the response before any rule. */
  BeforeResponse,
}
