import { constants } from "node:os";
import type { TestProject } from "vitest/node";
import { FilterwrightError } from "../../src/errors.ts";
import { DockerError, findCompose } from "./docker.ts";
import { chooseImages } from "./images.ts";
import { type Endpoints, Stack } from "./stack.ts";

declare module "vitest" {
  interface ProvidedContext {
    endpoints: Endpoints;
  }
}

/** Brings the containers up before the tests, and down after them whatever happens. */
export default async function setup(project: TestProject): Promise<() => void> {
  try {
    const stack = await startStack(project);
    return () => {
      if (project.vitest.state.getTestModules().some((module) => !module.ok())) console.error(stack.logs());
      stack.down();
    };
  } catch (error) {
    // Thrown on, it would come out below a red "No test files found".
    console.error(explain(error));
    process.exit(1);
  }
}

async function startStack(project: TestProject): Promise<Stack> {
  const compose = findCompose();
  const stack = new Stack(compose, await chooseImages(compose));
  // Not once: without a listener, a second Ctrl-C would end us in the midst of taking the containers down.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  process.once("exit", () => {
    try {
      stack.down();
    } catch (error) {
      console.error(explain(error));
      process.exitCode = 1;
    }
  });
  try {
    stack.up();
    const endpoints = stack.endpoints();
    await stack.waitUntilReady(endpoints);
    project.provide("endpoints", endpoints);
    return stack;
  } catch (error) {
    console.error(stack.logs());
    throw error;
  }
}

function explain(error: unknown): unknown {
  if (error instanceof FilterwrightError) return error.format();
  return error instanceof DockerError ? `error: ${error.message}` : error;
}
