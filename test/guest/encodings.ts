// Lets a test in Node encode and decode.

export { allocate, outputSize, outputStart, release, writer } from "./byte-exchange";
export { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from "filterwright/assembly/encoding/base64";
export { formDecode, formEncode, formEquals } from "filterwright/assembly/encoding/form";
export { encodeHex } from "filterwright/assembly/encoding/hex";

export { percentDecode, percentEncode } from "filterwright/assembly/encoding/percent";
