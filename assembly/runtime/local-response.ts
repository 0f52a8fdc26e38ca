import { proxy_send_local_response } from "@solo-io/proxy-runtime/assembly/imports";
import { GrpcStatusValues, WasmResultValues } from "filterwright/assembly/runtime/enums";
import { Headers, encodePairs, pairsSize, pairsStart } from "filterwright/assembly/runtime/pairs";
import { encode, textSize, textStart } from "filterwright/assembly/runtime/text";

/**
 * Answers the request here, in place of the upstream. Whatever the callback returns, the stream goes no further.
 *
 * @param response_code HTTP status
 * @param response_code_details for the access log (%RESPONSE_CODE_DETAILS%); Envoy puts `_` for white space
 * @param body as bytes
 * @param additional_headers added to those that Envoy sends
 * @param grpc_status for a gRPC request; `GrpcStatusValues.InvalidCode` for none
 */
export function send_local_response(
  response_code: u32,
  response_code_details: string,
  body: ArrayBuffer,
  additional_headers: Headers,
  grpc_status: GrpcStatusValues,
): WasmResultValues {
  encode(response_code_details);
  encodePairs(additional_headers);
  return proxy_send_local_response(
    response_code,
    textStart,
    textSize,
    changetype<usize>(body),
    body.byteLength,
    pairsStart,
    pairsSize,
    grpc_status,
  );
}
