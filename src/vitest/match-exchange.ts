import { FilterwrightError } from "../errors.ts";
import { expectHostCalls } from "../host/names.ts";
import { outcome } from "./outcome.ts";
import { exchangeIn, exchangeOrFilterIn, filterIn } from "./subject.ts";
import { verdict, type Verdict } from "./verdict.ts";
import { fits, list, show, type Wanted } from "./wanted.ts";

export const exchangeMatchers = {
  toHaveLocalReply(subject: unknown, status?: number, body?: Wanted): Verdict {
    const exchange = exchangeIn(subject);
    const { response, details } = exchange;
    const isSuch =
      details !== undefined &&
      response !== undefined &&
      (status === undefined || response.status === status) &&
      (body === undefined || fits(response.body, body));
    const such = ["local reply", status, body && show(body)].filter((word) => word !== undefined).join(" ");
    return verdict(isSuch, { expected: `a ${such}`, notExpected: `no ${such}`, found: outcome(exchange) });
  },

  toHaveReachedUpstream(this: { isNot: boolean }, subject: unknown): Verdict {
    const exchange = exchangeIn(subject);
    const { request, hasReachedUpstream } = exchange;
    // Neither is true of a request of which the upstream has the beginning.
    return verdict(this.isNot ? hasReachedUpstream : request !== undefined, {
      expected: "a request that reaches the upstream",
      notExpected: "a request of which nothing reaches the upstream",
      found: outcome(exchange),
    });
  },

  toBeHeld(subject: unknown): Verdict {
    const exchange = exchangeIn(subject);
    return verdict(exchange.isHeld.request || exchange.isHeld.response, {
      expected: "a request or a response that is held",
      notExpected: "an exchange that is not held",
      found: outcome(exchange),
    });
  },

  toHaveLogged(subject: unknown, message: Wanted, level?: string): Verdict {
    const { logs } = exchangeOrFilterIn(subject);
    const such = `line of log ${level === undefined ? "" : `${level}: `}${show(message)}`;
    return verdict(
      logs.some((line) => (level === undefined || line.level === level) && fits(line.message, message)),
      {
        expected: `a ${such}`,
        notExpected: `no ${such}`,
        found: list(logs.map((line) => `${line.level}: ${line.message}`)),
      },
    );
  },

  toHaveMetric(subject: unknown, name: string, value: number): Verdict {
    const { metrics } = filterIn(subject);
    const found = metrics[name];
    if (found === undefined) {
      const there = list(Object.keys(metrics));
      throw new FilterwrightError("FW_USAGE", `expected a metric ${name}, found none; there are ${there}`);
    }
    return verdict(found === value, {
      expected: `the metric ${name} to be ${value}`,
      notExpected: `the metric ${name} not to be ${value}`,
      found: String(found),
      diff: [metrics, { ...metrics, [name]: value }],
    });
  },

  toHaveCalled(subject: unknown, ...calls: Wanted[]): Verdict {
    const made = exchangeOrFilterIn(subject).trace.filter((line) => line.includes(" -> "));
    checkCalls(calls);
    let at = 0;
    for (const line of made) if (at < calls.length && isCall(line, calls[at]!)) at++;
    const all = calls.map(show).join(", then ");
    return verdict(at === calls.length, {
      expected: `the host call ${show(calls[at] ?? "")}${at > 0 ? ` after ${show(calls[at - 1]!)}` : ""}`,
      notExpected: `no host call ${all}`,
      found: list(made),
    });
  },
};

/** A name that Envoy does not have would never be called. */
function checkCalls(calls: readonly Wanted[]): void {
  const [first] = calls;
  if (first === undefined) throw new FilterwrightError("FW_USAGE", "expected the names of host calls, found none");
  const named = calls.filter((call) => typeof call === "string").map((call) => /^\w*/.exec(call)![0]);
  expectHostCalls("to look for", named);
}

/** `proxy_log` is any call of it, `proxy_log(info, "x")` the call with these arguments, whatever it answered. */
function isCall(line: string, wanted: Wanted): boolean {
  if (typeof wanted !== "string") return fits(line, wanted);
  return line === wanted || line.startsWith(`${wanted}(`) || line.startsWith(`${wanted} -> `);
}
