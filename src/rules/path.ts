import type { Step } from "../yaml-source.ts";

/** The steps of a path as the filter writes it: `rules[0].request.set["x y"]`; none for `$`. */
export function stepsOf(path: string): Step[] {
  if (path === "$") return [];
  const steps = path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g);
  return Array.from(steps, ([, index, quoted, plain]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? (JSON.parse(quoted) as string) : plain!,
  );
}

/** The other way round. */
export function pathOf(steps: Step[]): string {
  return steps.length === 0
    ? "$"
    : steps
        .map((step, i) => {
          if (typeof step === "number") return `[${step}]`;
          if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
          return i === 0 ? step : `.${step}`;
        })
        .join("");
}
