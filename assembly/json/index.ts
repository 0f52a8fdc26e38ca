export { accept } from "filterwright/assembly/json/configuration";
export { JsonKind } from "filterwright/assembly/json/kind";
export { JsonReader } from "filterwright/assembly/json/reader";
export { quote } from "filterwright/assembly/text/format";
