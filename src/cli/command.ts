import { stripVTControlCharacters } from "node:util";
import { type ArgsDef, type CommandDef, defineCommand, renderUsage, runCommand } from "citty";
import { FilterwrightError } from "../errors.ts";

/** A verb of the command line: citty's command, and the examples that end its help. */
export interface Verb {
  command: CommandDef<any>;
  examples: string[];
}

export function defineVerb<Args extends ArgsDef>(command: CommandDef<Args>, examples: string[]): Verb {
  return { command: defineCommand(command), examples };
}

/**
 * Runs a verb: `--help` prints its usage, what the user did wrong goes to stderr.
 *
 * @returns the exit status: 0 done, 1 failed, 2 the command line is not understood
 */
export async function runVerb(verb: Verb, rawArgs: string[], parent?: CommandDef): Promise<number> {
  const usage = async () =>
    `${await renderUsage(verb.command, parent)}\nEXAMPLES\n\n${verb.examples.map((line) => `  ${line}`).join("\n")}\n`;
  if (rawArgs.includes("--help") || rawArgs.includes("-h")) {
    print(await usage());
    return 0;
  }
  try {
    await rejectUnknownOptions(verb.command, rawArgs);
    const { result } = await runCommand(verb.command, { rawArgs });
    return typeof result === "number" ? result : 0;
  } catch (error) {
    return report(error);
  }
}

/** Prints a text that may have colours; a file, a pipe and NO_COLOR get it without them. */
export function print(text: string): void {
  console.log(forStream(process.stdout, text));
}

/** The same to stderr. */
export function printError(text: string): void {
  console.error(forStream(process.stderr, text));
}

function forStream({ isTTY }: NodeJS.WriteStream, text: string): string {
  return isTTY && !process.env["NO_COLOR"] ? text : stripVTControlCharacters(text).replace(/ +$/gm, "");
}

/** Tells a person what went wrong. @returns the exit status */
export function report(error: unknown): number {
  if (error instanceof FilterwrightError) {
    console.error(error.format());
    return error.code === "FW_USAGE" ? 2 : 1;
  }
  if (error instanceof Error && error.name === "CLIError") {
    console.error(`error FW_USAGE: ${error.message}`);
    return 2;
  }
  if (error instanceof Error && "syscall" in error && error.syscall === "mkdtemp") {
    console.error(`error FW_BUILD_WRITE: cannot make a temporary folder: ${error.message}`);
    console.error("TMPDIR names where it is to be, /tmp if it is not set.");
    return 1;
  }
  console.error(error);
  console.error("This is a mistake of Filterwright, not yours. Please report it with the text above.");
  return 1;
}

/** citty passes over options that it does not know: a typing mistake would go unnoticed. */
async function rejectUnknownOptions(command: CommandDef, rawArgs: string[]): Promise<void> {
  const args = ((typeof command.args === "function" ? await command.args() : await command.args) ?? {}) as ArgsDef;
  const options = Object.entries(args).filter(([, arg]) => arg.type !== "positional");
  const letters = options.flatMap(([, arg]) => ("alias" in arg ? [arg.alias ?? []].flat() : []));
  const known = new Set([
    ...options.flatMap(([name]) => [`--${name}`, `--no-${name}`]),
    ...letters.map((letter) => `-${letter}`),
  ]);
  const end = rawArgs.indexOf("--");
  for (const raw of end < 0 ? rawArgs : rawArgs.slice(0, end)) {
    const option = raw.split("=")[0] ?? "";
    if (!option.startsWith("-") || option === "-" || known.has(option)) continue;
    const list = options.map(([name]) => `--${name}`).join(", ");
    throw new FilterwrightError("FW_USAGE", `expected one of ${list}, found ${option}`, {
      hint: "--help lists the options.",
    });
  }
}
