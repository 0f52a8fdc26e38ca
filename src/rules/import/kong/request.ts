import type { Match, Operation, Write } from "../document.ts";
import { mayBeEmpty } from "../envoy/operators.ts";
import { nameToRemove, nameToWrite } from "../header-names.ts";
import type { Place } from "../place.ts";
import { isHeaderText, literal, trimmed } from "../values.ts";
import { type Entry, isHeaderName, readEntries, type Verb, VERBS } from "./entries.ts";
import type { Plugin } from "./find.ts";
import { addQueryRules } from "./query.ts";
import { kongTemplate } from "./template.ts";

/** Nginx writes these behind the plugin, whatever the plugin did. */
const NGINX_OWN = /^(x-forwarded-(for|proto|host|port|path|prefix)|x-real-ip)$/;

/** Adds the rules of a request-transformer: its headers, then its query. */
export function addRequestRules({ at, name }: Plugin, matches: Match[]): void {
  const config = at.get("config");
  if (!config?.expectKeys(["http_method", ...VERBS, "allow", "dots_in_keys"])) return;
  const label = `${at.path}-${name}`;
  const operations = [...readUri(config), ...readMethod(config)];
  for (const verb of VERBS) {
    const part = config.get(verb);
    const keys = ["body", "headers", "querystring", ...(verb === "replace" ? ["uri"] : []), "json_types"];
    if (!part?.expectKeys(keys)) continue;
    if (part.list("body").length > 0) part.get("body")!.refuse("rules change no bodies");
    for (const entry of readEntries(part.list("headers"), verb !== "remove"))
      operations.push(...(readHeader(verb, entry) ?? []));
  }
  if (config.get("allow")?.list("body").length) config.get("allow")!.refuse("rules change no bodies");
  at.draft.addRule(label, { ...(matches.length > 0 && { matches }), request: operations });
  addQueryRules(config, matches, `${label}-query`);
}

function readHeader(verb: Verb, entry: Entry): Operation[] | undefined {
  const { at, value } = entry;
  const name = entry.name.toLowerCase();
  if (verb === "remove" ? !/^[A-Za-z0-9_-]+$/.test(name) && !isHeaderName(entry) : !isHeaderName(entry))
    return undefined;
  // Kong's copy of the headers has no host: only to replace it, and to rename something to it, does anything.
  if (name === "host" && verb !== "replace") {
    if (verb === "append") at.refuse("Kong replaces the host here: write replace");
    else at.draft.note(`${at.path}: left out, for Kong passes over the host here`);
    return undefined;
  }
  const target = verb === "rename" ? value!.toLowerCase() : name;
  if (NGINX_OWN.test(target)) {
    at.refuse(`${target}: Nginx writes it behind the plugin, which does nothing there`);
    return undefined;
  }
  if (verb === "remove") return nameToRemove(at, "request", name) === undefined ? undefined : [{ remove: name }];
  if (nameToWrite(at, "request", target) === undefined) return undefined;
  if (verb === "rename") {
    if (!isHeaderName(entry, value) || nameToRemove(at, "request", name) === undefined) return undefined;
    if (target !== name) return [{ rename: { from: name, to: target } }];
    at.draft.note(`${at.path}: left out, names have no case`);
    return undefined;
  }
  const template = isHeaderText(at, value!) ? kongTemplate(at, trimmed(value!)) : undefined;
  if (template === undefined) return undefined;
  const write = { name, value: template, ...(mayBeEmpty(template) && { keepEmptyValue: true as const }) };
  const writes: Record<typeof verb, Write> = { replace: "setIfPresent", add: "addIfAbsent", append: "add" };
  return [{ [name === "host" ? "set" : writes[verb]]: write } as Operation];
}

/** `replace.uri` is the path; the query stays. */
function readUri(config: Place): Operation[] {
  const uri = config.get("replace")?.get("uri");
  const text = uri?.text();
  if (text === undefined) return [];
  if (!/^\/[\w/.~-]*$/.test(text)) {
    uri!.refuse("expected a path of letters, digits and /._~-: Kong fills in templates and encodes the rest");
    return [];
  }
  nameToWrite(uri!, "request", ":path");
  const substitution = literal(text);
  return [{ replace: { name: ":path", pattern: { regex: "^[^?]*" }, substitution, match: "first" } }];
}

function readMethod(config: Place): Operation[] {
  const method = config.get("http_method");
  const text = method?.text();
  if (text === undefined) return [];
  if (!/^[A-Z]+$/.test(text)) method!.refuse("expected a method in capital letters");
  else if (["GET", "HEAD", "TRACE"].includes(text))
    method!.refuse("Kong makes a form in the body part of the query then");
  else {
    nameToWrite(method!, "request", ":method");
    return [{ set: { name: ":method", value: text } }];
  }
  return [];
}
