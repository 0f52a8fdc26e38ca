import { setTimeout as sleep } from "node:timers/promises";
import type { ConfiguredName } from "../../src/cases/case-file.ts";
import { EchoControl } from "../../src/echo/control.ts";
import { Admin } from "../../src/envoy/admin.ts";
import { type ComposeCommand, DockerError, run, tryRun } from "./docker.ts";

/** Where the containers are reached from this machine. */
export interface Endpoints {
  /** The control of the echo upstream. */
  control: string;
  envoys: Record<ConfiguredName, { url: string; admin: string }>;
}

/** With port 0 docker gives out free ones, so that nothing on this machine is in the way. */
const ANY_PORTS = Object.fromEntries(
  ["WASM", "LUA", "NATIVE", "WASM_ADMIN", "LUA_ADMIN", "NATIVE_ADMIN", "ECHO_CONTROL"].map((of) => [`${of}_PORT`, "0"]),
);
const READY_TIMEOUT_MS = 60_000;

/** The containers of docker-compose.yml as a compose project of our own, beside whatever else runs on this machine. */
export class Stack {
  private readonly project = `filterwright-test-${process.pid}`;
  private readonly compose: readonly string[];
  private readonly env: NodeJS.ProcessEnv;
  private mayBeUp = false;

  /** @param images the variables that name them */
  constructor(compose: ComposeCommand, images: Record<string, string>) {
    this.compose = [...compose, "--project-name", this.project];
    this.env = { ...process.env, ...ANY_PORTS, ...images };
  }

  /** @throws DockerError */
  up(): void {
    this.mayBeUp = true;
    run([...this.compose, "up", "-d"], this.env, 300_000);
  }

  /** @throws DockerError where a container ended, or one is not ready in time: which */
  async waitUntilReady({ control, envoys }: Endpoints): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    const checks = [
      { name: "upstream", isReady: () => answers(new EchoControl(control)) },
      ...Object.entries(envoys).map(([name, { admin }]) => {
        const envoy = new Admin(admin);
        return { name: `envoy-${name}`, isReady: () => envoy.isReady() };
      }),
    ];
    for (;;) {
      const ready = await Promise.all(checks.map(({ isReady }) => isReady()));
      const waiting = checks.filter((_, i) => !ready[i]).map(({ name }) => name);
      if (waiting.length === 0) return;
      const ended = this.endedServices();
      if (ended.length > 0) throw new DockerError(`expected containers that run on, but ended: ${ended.join(", ")}`);
      if (Date.now() > deadline)
        throw new DockerError(
          `expected answers within ${READY_TIMEOUT_MS / 1000} s, but got none from: ${waiting.join(", ")}`,
        );
      await sleep(100);
    }
  }

  /** @throws DockerError where a port is not published, or not any more */
  endpoints(): Endpoints {
    const [upstream] = this.containers(["status=running", "label=com.docker.compose.service=upstream"], "{{.ID}}");
    if (upstream === undefined) throw new DockerError("expected the container upstream to run, but it ended");
    const published = JSON.parse(
      run(["docker", "inspect", "--format", "{{json .NetworkSettings.Ports}}", upstream]),
    ) as {
      [port: string]: { HostIp: string; HostPort: string }[] | null;
    };
    const at = (port: number) => {
      const [binding] = published[`${port}/tcp`] ?? [];
      if (!binding)
        throw new DockerError(`expected the container upstream to publish its port ${port}, but it does not`);
      return `http://${binding.HostIp}:${binding.HostPort}`;
    };
    return {
      control: at(10081),
      envoys: {
        wasm: { url: at(10000), admin: at(9901) },
        lua: { url: at(10001), admin: at(9902) },
        native: { url: at(10002), admin: at(9903) },
      },
    };
  }

  logs(): string {
    const outcome = tryRun([...this.compose, "logs", "--no-color"], this.env);
    return outcome.ok ? outcome.stdout : outcome.reason;
  }

  /**
   * Removes the containers and their network, also of an `up` that failed. Again is harmless.
   *
   * @throws DockerError where they are left over
   */
  down(): void {
    if (!this.mayBeUp) return;
    const down = [...this.compose, "down", "--volumes", "--remove-orphans", "--timeout", "3"];
    // Impatient further Ctrl-Cs reach compose too, so it gets more than one try.
    const problems: string[] = [];
    while (this.mayBeUp && problems.length < 5) {
      const outcome = tryRun(down, this.env);
      if (outcome.ok) this.mayBeUp = false;
      else problems.push(outcome.reason);
    }
    if (this.mayBeUp)
      throw new DockerError(
        `the containers of ${this.project} are left over, as ${down.join(" ")} failed:\n${problems.at(-1)}`,
      );
  }

  private endedServices(): string[] {
    return this.containers(["status=exited"], '{{.Label "com.docker.compose.service"}}');
  }

  private containers(filters: string[], format: string): string[] {
    const all = [`label=com.docker.compose.project=${this.project}`, ...filters];
    const listed = run(["docker", "ps", "--all", ...all.flatMap((filter) => ["--filter", filter]), "--format", format]);
    return listed.split("\n").filter((line) => line !== "");
  }
}

function answers(control: EchoControl): Promise<boolean> {
  return control.received().then(
    () => true,
    () => false,
  );
}
