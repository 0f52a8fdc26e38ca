import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { parse } from "yaml";
import { type ComposeCommand, run, tryRun } from "./docker.ts";
import { standInForEnvoy, standInForNode } from "./stand-in.ts";

const PULL_TIMEOUT_MS = 120_000;

/** The variables by which docker-compose.yml takes its images, one service that uses each, and what helps without it. */
const sources = [
  { variable: "ENVOY_IMAGE", service: "envoy-wasm", standIn: standInForEnvoy },
  { variable: "NODE_IMAGE", service: "upstream", standIn: standInForNode },
];

/**
 * Images for docker-compose.yml: those that the environment names, else the official ones, else, where these cannot
 * be pulled, stand-ins made of this machine's own Envoy and Node.
 */
export async function chooseImages(compose: ComposeCommand): Promise<Record<string, string>> {
  const { services } = parse(run([...compose, "config"])) as { services: Record<string, { image: string }> };
  const chosen = sources.map(async ({ variable, service, standIn }) => {
    const { image } = services[service]!;
    if (process.env[variable]) return [variable, image];
    const problem = await obtain(image);
    return [variable, problem === undefined ? image : await announced(standIn(), image, problem)];
  });
  return Object.fromEntries(await Promise.all(chosen)) as Record<string, string>;
}

/** Says what is wrong where docker neither has the image nor can pull it. */
async function obtain(image: string): Promise<string | undefined> {
  if (tryRun(["docker", "image", "inspect", image]).ok) return undefined;
  console.error(`pulling ${image}`);
  const pull = promisify(execFile)("docker", ["pull", "--quiet", image], { timeout: PULL_TIMEOUT_MS });
  const stop = () => pull.child.kill();
  process.once("exit", stop);
  try {
    await pull;
    return undefined;
  } catch (error) {
    const { killed, stderr, message } = error as Error & { killed: boolean; stderr: string };
    return killed ? `not done within ${PULL_TIMEOUT_MS / 1000} s` : stderr.trim() || message;
  } finally {
    process.off("exit", stop);
  }
}

async function announced(standIn: Promise<string>, image: string, problem: string): Promise<string> {
  const name = await standIn;
  console.error(`${image} cannot be pulled (${problem}); ${name}, made of this machine's own, stands in`);
  return name;
}
