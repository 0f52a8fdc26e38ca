import { execFileSync } from "node:child_process";
import { chromium, type Page } from "playwright-core";
import type { Reply, SessionWorker } from "../../src/cases/orders.ts";

/** A page in a Chromium without a window. */
export async function openPage(): Promise<{ page: Page; close: () => Promise<void> }> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
  return { page: await browser.newPage(), close: () => browser.close() };
}

/** Debian's: the tests download none. */
function findChromium(): string {
  try {
    return execFileSync("which", ["chromium"], { encoding: "utf8" }).trim();
  } catch {
    throw new Error("expected chromium on PATH, found none: bash test/browser/install.sh installs it");
  }
}

// Within the page. TypeScript would know web workers with the DOM's declarations only.
interface WebWorker {
  addEventListener(type: "message", listener: (event: { data: Reply }) => void, options: object): void;
  addEventListener(type: "error", listener: (event: { message: string }) => void, options: object): void;
  postMessage(order: unknown): void;
  terminate(): void;
}
declare const Worker: new (url: string) => WebWorker;

/** A session in a web worker of a page. @param script of test/browser/worker.ts */
export function webWorker(page: Page, script: string): SessionWorker {
  const worker = page.evaluateHandle(
    (code) => new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" }))),
    script,
  );
  return {
    ask: async (order) =>
      (await worker).evaluate(
        (web, asked) =>
          new Promise<Reply>((resolve, reject) => {
            web.addEventListener("message", ({ data }) => resolve(data), { once: true });
            web.addEventListener("error", ({ message }) => reject(new Error(message)), { once: true });
            web.postMessage(asked);
          }),
        order as unknown, // its own type is too deep for Playwright's
      ),
    terminate: async () => (await worker).evaluate((web) => web.terminate()),
  };
}
