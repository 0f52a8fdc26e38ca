// Envoy's filter `envoy.filters.http.header_mutation`: envoy/extensions/filters/http/header_mutation/v3/header_mutation.proto.

import type { Operation } from "../document.ts";
import type { Draft } from "../draft.ts";
import type { Side } from "../header-names.ts";
import { Place } from "../place.ts";
import { findFilters } from "./find.ts";
import { readMutation } from "./mutation.ts";
import { readParameterMutations } from "./parameters.ts";

const KEYS = [
  "request_mutations",
  "query_parameter_mutations",
  "response_mutations",
  "request_trailers_mutations",
  "response_trailers_mutations",
];

/**
 * Reads the filter's typed config, an entry of `http_filters`, the `mutations` alone, or a whole configuration with such filters
 * in it. Several filters keep Envoy's order, in which a response passes them from the last to the first.
 */
export function readHeaderMutation(documents: unknown[], draft: Draft): void {
  const filters = documents.flatMap((document, index) => {
    const path = documents.length > 1 ? `document ${index + 1}` : "";
    return findFilters(new Place(document, path, draft));
  });
  if (filters.length === 0 && draft.leftOut.length === 0)
    draft.refuse("the document", "expected a header_mutation filter, or its mutations: found none");
  const responses = filters.map((mutations) => readMutations(mutations));
  for (const addResponse of responses.toReversed()) addResponse();
}

/** Adds rules for requests at once. @returns what adds the one for responses */
function readMutations(mutations: Place): () => void {
  const { draft } = mutations;
  const place = mutations.path.replace(/\b(static_resources|typed_config|mutations)\b\.?/g, "");
  const name = /\w/.test(place) ? place : "header-mutation";
  if (!mutations.expectKeys([...KEYS, "parameter_mutations"])) return () => {};
  for (const key of ["request_trailers_mutations", "response_trailers_mutations"])
    if (mutations.list(key).length > 0) mutations.get(key)!.refuse("rules write no trailers");
  draft.addRule(`${name}-request`, { request: readList(mutations, "request_mutations", "request") });
  for (const key of ["query_parameter_mutations", "parameter_mutations"])
    readParameterMutations(mutations.list(key), `${name}-query`);
  const response = readList(mutations, "response_mutations", "response");
  return () => draft.addRule(`${name}-response`, { response });
}

function readList(mutations: Place, key: string, side: Side): Operation[] {
  return mutations.list(key).flatMap((mutation) => readMutation(mutation, side) ?? []);
}
