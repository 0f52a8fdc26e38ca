// Runs a program of test/guest/probe.ts on a real Envoy and on the TypeScript host, and says what each of them said.
import { isDeepStrictEqual } from "node:util";
import type { WasmEngine } from "../../src/envoy/wasm-engine.ts";
import { FilterwrightError } from "../../src/errors.ts";
import { compiledGuest } from "../guest-module.ts";
import type { Exchange, Outcome } from "./exchange.ts";
import { EnvoyRunner } from "./on-envoy.ts";
import { runOnHost } from "./on-host.ts";

/** What came of a program on either side. */
export type Compared =
  | { kind: "equal" | "different"; host: Outcome; envoy: Outcome }
  /** The host says by itself that it cannot do what Envoy does. */
  | { kind: "declined"; error: FilterwrightError }
  | { kind: "crashed"; host: Outcome; error: FilterwrightError };

export class Prober {
  private readonly wasm: string;
  private readonly envoy: EnvoyRunner;

  private constructor(wasm: string, envoy: EnvoyRunner) {
    this.wasm = wasm;
    this.envoy = envoy;
  }

  static async start(engine: WasmEngine = "wasm"): Promise<Prober> {
    const wasm = await compiledGuest("probe");
    return new Prober(wasm, await EnvoyRunner.start(wasm, engine));
  }

  close(): Promise<void> {
    return this.envoy.close();
  }

  async compare(program: string[], exchange: Exchange): Promise<Compared> {
    const onHost = this.onHost(program, exchange);
    if (onHost instanceof FilterwrightError) return { kind: "declined", error: onHost };
    const { outcome: host, steps } = onHost;
    try {
      // Real time is in it: an upstream that takes ten milliseconds on a busy machine makes a header one byte longer. What
      // differs once and not again is no difference.
      let envoy = await this.envoy.run(program, exchange, steps, host);
      for (let tries = 0; tries < 5 && !isDeepStrictEqual(host, envoy); tries++)
        envoy = await this.envoy.run(program, exchange, steps, host);
      return { kind: isDeepStrictEqual(host, envoy) ? "equal" : "different", host, envoy };
    } catch (cause) {
      const error = await this.envoy.ending();
      if (!error) throw cause;
      await this.envoy.restart();
      return { kind: "crashed", host, error };
    }
  }

  private onHost(program: string[], exchange: Exchange): ReturnType<typeof runOnHost> | FilterwrightError {
    try {
      return runOnHost(this.wasm, program, exchange);
    } catch (error) {
      if (error instanceof FilterwrightError && ["FW_HOST_CALL", "FW_UNDEFINED"].includes(error.code)) return error;
      throw error;
    }
  }
}
