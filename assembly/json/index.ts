export { accept } from "filterwright/assembly/json/configuration";
export { JsonKind } from "filterwright/assembly/json/kind";
export { quote } from "filterwright/assembly/json/path";
export { JsonReader } from "filterwright/assembly/json/reader";
