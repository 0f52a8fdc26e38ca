export { Regex } from "filterwright/assembly/regex/regex";
