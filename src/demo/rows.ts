import { decodeForDisplay, type HeaderLine } from "../echo/exchange.ts";

/** One header line, and what became of it behind each filter. */
export interface Row {
  line: string;
  /** Who wrote the line where no filter is in the way. */
  origin: "sent" | "by Envoy" | "";
  fates: Fate[];
}

export type Fate = "kept" | "removed" | "added" | "absent";

/** Headers whose values differ from request to request, and what stands for them. */
const VARYING: Record<string, string> = {
  "x-request-id": "(random)",
  "x-envoy-upstream-service-time": "(ms)",
  date: "(now)",
};

/**
 * Lays header lines side by side.
 *
 * @param sent what one end sent @param without what reached the other with no filter in the way @param behind what reached it behind each filter
 */
export function toRows(sent: HeaderLine[], without: HeaderLine[], behind: HeaderLine[][]): Row[] {
  const sentLines = numbered(sent);
  const withoutLines = numbered(without);
  const behindLines = behind.map(numbered);
  const all = new Set([...withoutLines, ...behindLines.flatMap((lines) => [...lines])]);
  return [...all].map((key) => {
    const wasThere = withoutLines.has(key);
    return {
      line: key.slice(0, key.lastIndexOf("\0")),
      origin: !wasThere ? "" : sentLines.has(key) ? "sent" : "by Envoy",
      fates: behindLines.map((lines) => fate(wasThere, lines.has(key))),
    };
  });
}

/** True where every filter did the same. */
export function agree(rows: Row[]): boolean {
  return rows.every(({ fates }) => new Set(fates).size <= 1);
}

function fate(wasThere: boolean, isThere: boolean): Fate {
  if (wasThere) return isThere ? "kept" : "removed";
  return isThere ? "added" : "absent";
}

/** Lines as text, the same line twice told apart by a number behind it. */
function numbered(lines: HeaderLine[]): Set<string> {
  const keys = new Set<string>();
  for (const [name, value] of lines) {
    const lower = name.toLowerCase();
    const line = `${lower}: ${VARYING[lower] ?? decodeForDisplay(value)}`;
    let count = 0;
    while (keys.has(`${line}\0${count}`)) count++;
    keys.add(`${line}\0${count}`);
  }
  return keys;
}
