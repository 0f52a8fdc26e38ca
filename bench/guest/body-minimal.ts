// The same with the `minimal` runtime.

export * from "filterwright/assembly/proxy";
import "./body";
