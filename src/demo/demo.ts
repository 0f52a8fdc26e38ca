import type { Exchange } from "../cases/backend.ts";
import type { Case, CaseFile } from "../cases/case-file.ts";
import { compare } from "../cases/compare.ts";
import type { HeaderLine } from "../echo/exchange.ts";
import type { Contestant } from "./contestants.ts";
import { agree, type Row, toRows } from "./rows.ts";

/** One request through every contestant, and what came of it. */
export interface Comparison {
  /** What reached the upstream. */
  request: Row[];
  /** What reached the client. */
  response: Row[];
  /** True where the filters did the same in both directions. */
  agrees: boolean;
  /** By contestant's title: in what it differs from what the case expects. */
  differences: [title: string, difference: string][];
}

/** @param contestants the one without a filter first */
export async function compareContestants(file: CaseFile, contestants: readonly Contestant[]): Promise<Comparison> {
  const testCase = file.cases[0]!;
  const exchanges: Exchange[] = [];
  for (const contestant of contestants) exchanges.push(await contestant.exchange(testCase));

  const request = rowsOf(
    sentRequest(testCase),
    exchanges.map(({ received }) => received?.headers ?? []),
  );
  const response = rowsOf(
    testCase.upstream.headers,
    exchanges.map(({ response: { headers } }) => headers),
  );
  const differences = contestants.flatMap(({ name, title }, i) =>
    name === "none" ? [] : compare(testCase.expect, exchanges[i]!).map((text) => [title, text] as [string, string]),
  );
  return { request, response, agrees: agree(request) && agree(response), differences };
}

function rowsOf(sent: HeaderLine[], seen: HeaderLine[][]): Row[] {
  const [without = [], ...behind] = seen;
  return toRows(sent, without, behind);
}

function sentRequest({ request }: Case): HeaderLine[] {
  return [["host", request.authority], ...request.headers];
}
