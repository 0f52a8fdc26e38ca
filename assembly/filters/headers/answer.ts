import { proxy_send_local_response } from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { encodeLines } from "filterwright/assembly/filters/headers/encode-lines";
import { GrpcStatusValues } from "filterwright/assembly/runtime/enums";
import { HeaderList } from "filterwright/assembly/runtime/header-list";

/** What the access log has in `%RESPONSE_CODE_DETAILS%`. */
export const LIMITS_DETAILS = new Bytes("headers_limit");
export const ERROR_DETAILS = new Bytes("headers_rule_error");

/** Answers in the place of the upstream, without a body. @param headers beside those that Envoy adds */
export function answer(status: u32, details: Bytes, headers: HeaderList): void {
  const pairs = encodeLines(headers);
  proxy_send_local_response(
    status,
    details.start,
    details.size,
    0,
    0,
    changetype<usize>(pairs),
    pairs.byteLength,
    GrpcStatusValues.InvalidCode,
  );
}
