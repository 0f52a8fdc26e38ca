/** What came of an operation; each has a counter. */
export enum Outcome {
  Applied,
  /** There was nothing to do. */
  Skipped,
  /** It would have written what may not be written. */
  Rejected,
  /** A value could not be made, such as one that is no base64. */
  Error,
}
