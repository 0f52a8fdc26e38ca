/**
 * asc prints a diagnostic as
 *
 *     ERROR TS2322: Type '~lib/string/String' is not assignable to type 'i32'.
 *        :
 *      3 │ const a: i32 = "";
 *        │                ~~
 *        └─ in assembly/filters/x.ts(3,16)
 *
 * Editors and terminals make a link of `FILE:LINE:COLUMN`, so that comes first:
 *
 *     assembly/filters/x.ts:3:16 error TS2322: Type '~lib/string/String' is not assignable to type 'i32'.
 *      3 │ const a: i32 = "";
 *        │                ~~
 *
 * @param said all that asc wrote
 */
export function formatDiagnostics(said: string): string {
  return (
    said
      .replaceAll("\r\n", "\n")
      .split(/\n(?=(?:ERROR|WARNING|INFO|PEDANTIC|FAILURE) )/)
      // Not what the failure sums up, nor remarks such as "Last converge was suboptimal".
      .filter((block) => /^(ERROR|WARNING|INFO|PEDANTIC) /.test(block))
      .map((block) => formatOne(block.trim()))
      .filter((block) => block !== "")
      .join("\n\n")
  );
}

function formatOne(block: string): string {
  const head = /^(ERROR|WARNING|INFO|PEDANTIC) ([^:]+: .*)/.exec(block);
  const places = [...block.matchAll(/└─ in (.+)\((\d+),(\d+)\)/g)];
  const place = places[0];
  if (!head || !place) return block;
  const excerpt = block
    .slice(head[0].length, place.index)
    .split("\n")
    .filter((line) => line.includes("│"));
  const related = places.slice(1).map(([, file, line, column]) => `see also ${file}:${line}:${column}`);
  return [`${place[1]}:${place[2]}:${place[3]} ${head[1]?.toLowerCase()} ${head[2]}`, ...excerpt, ...related].join(
    "\n",
  );
}
