/** What must hold: what a variant adds is at most so many times what another adds. */
export interface Bar {
  variant: string;
  limit: number;
  against: string;
}

export const referenceBars: Bar[] = [
  { variant: "class API, minimal, proxy/headers", limit: 1.15, against: "floor" },
  { variant: "class API, minimal, proxy/headers", limit: 0.34, against: "published SDK" },
  { variant: "class API, minimal, built", limit: 1.15, against: "floor" },
  { variant: "class API, built", limit: 0.34, against: "published SDK" },
  { variant: "published README's filter", limit: 1.2, against: "floor" },
];

export const readBars: Bar[] = [{ variant: "class API, built", limit: 0.5, against: "published SDK" }];
