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
  { variant: "rules", limit: 1.05, against: "floor" },
  { variant: "class API, minimal, built, ahead of time", limit: 0.77, against: "floor" },
  { variant: "rules, ahead of time", limit: 0.74, against: "floor" },
];

export const rulesBars = {
  add: { variant: "rules", limit: 1.05, against: "host calls by hand" },
  state: { variant: "rules", limit: 1.15, against: "host calls by hand" },
} satisfies Record<string, Bar>;

export const decideBars: Bar[] = [
  { variant: "host calls by hand, ahead of time", limit: 0.36, against: "Lua" },
  { variant: "class API, built", limit: 1, against: "Lua" },
  { variant: "rules", limit: 0.75, against: "Lua" },
  { variant: "rules, ahead of time", limit: 0.59, against: "Lua" },
];

export const readBars: Bar[] = [{ variant: "class API, built", limit: 0.5, against: "published SDK" }];
