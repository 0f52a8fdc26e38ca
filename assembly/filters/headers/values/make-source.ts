import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Moment } from "filterwright/assembly/filters/headers/moment";
import { canonicalName, nameProblem } from "filterwright/assembly/filters/headers/names";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { AttributeKind, AttributeSource } from "filterwright/assembly/filters/headers/values/attribute-source";
import { CaptureSource } from "filterwright/assembly/filters/headers/values/capture-source";
import { JwtClaim } from "filterwright/assembly/filters/headers/values/jwt-claim";
import { Literal } from "filterwright/assembly/filters/headers/values/literal";
import { makeHeader } from "filterwright/assembly/filters/headers/values/make-header";
import { isNative } from "filterwright/assembly/filters/headers/values/native-operators";
import { Kind, findOperator, kindAt, pathAt } from "filterwright/assembly/filters/headers/values/operators";
import { ParameterSource } from "filterwright/assembly/filters/headers/values/parameter-source";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { UniqueId } from "filterwright/assembly/filters/headers/values/unique-id";
import { getEnvironment } from "filterwright/assembly/runtime/system";
import { quote, textFrom } from "filterwright/assembly/text/format";
import { DEFAULT_TIME_FORMAT, TimeFormat } from "filterwright/assembly/time/time-format";

/** Makes the source of an operator. @returns null where it is none; what was expected in its place stands in `side.expected` then */
export function makeSource(name: string, argument: string, side: Side): Source | null {
  const at = findOperator(name);
  const kind = kindAt(at);
  const path = pathAt(at, name);
  const request = side.isRequest ? Moment.Now : Moment.AfterRequest;
  if (kind >= Kind.AttributeOf && argument.length == 0) return side.expect(name + "(x)");
  if (kind >= Kind.Attribute && kind < Kind.AttributeOf && argument.length > 0) {
    return side.expect(name + " without an argument");
  }
  // For those that return null without another word.
  side.expect("an operator that the request's pass knows, found " + name);
  switch (kind) {
    case Kind.Literal:
      return new Literal(argument);
    case Kind.Request:
      return makeHeader(argument, true, request, side);
    case Kind.OriginalRequest:
      if (!side.isRequest) side.needs.keepsBeforeRequest = true;
      return makeHeader(argument, true, Moment.BeforeRequest, side);
    case Kind.Response:
    case Kind.OriginalResponse: {
      if (side.isRequest) return null;
      return makeHeader(argument, false, kind == Kind.Response ? Moment.Now : Moment.BeforeResponse, side);
    }
    case Kind.Header:
      return makeHeader(path, true, request, side);
    case Kind.Path:
      if (argument == "NQ") return makeParameter(":path", null, request, side);
      if (argument.length > 0 && argument != "WQ") return side.expect("WQ or NQ, found " + quote(argument));
      return makeHeader(":path", true, request, side);
    case Kind.Parameter:
      return makeParameter(path, new Bytes(argument), request, side);
    case Kind.StartTime:
      return makeTime(argument, side);
    case Kind.Attribute:
    case Kind.AttributeOf:
      return makeAttribute(path + argument, side);
    case Kind.Host:
      side.needs.property = true;
      return new AttributeSource(path, AttributeKind.Host);
    case Kind.UniqueId:
      side.needs.random = true;
      return new UniqueId();
    case Kind.Environment: {
      side.needs.environment.push(argument);
      const value = getEnvironment(argument);
      return new Literal(value === null ? "" : value);
    }
    case Kind.Capture: {
      side.usesCaptures = true;
      const capture = new CaptureSource(side.captures, argument);
      if (capture.isKnown) return capture;
      return side.expect("a group of the rule's regular expressions, found " + quote(argument));
    }
    case Kind.JwtClaim:
      return makeJwtClaim(argument, request, side);
    default:
      side.expect("an operator, found " + quote(name));
      if (isNative(name)) side.expected += ", which native header_mutation has";
      return null;
  }
}

/** @param path as `Property` has it */
function makeAttribute(path: string, side: Side): Source | null {
  if (side.isRequest && path.startsWith("response.")) return null;
  if (path == "request.time") return makeTime("%FT%H:%M:%E*SZ", side);
  side.needs.property = true;
  return new AttributeSource(path, path.indexOf("metadata") < 0 ? AttributeKind.Plain : AttributeKind.Metadata);
}

/** @param name null for the path itself */
function makeParameter(header: string, name: Bytes | null, moment: Moment, side: Side): Source {
  const line = new HeaderName(header);
  side.needs.headers(moment, line);
  return new ParameterSource(moment, line, name);
}

function makeTime(argument: string, side: Side): Source | null {
  const text = new Bytes(argument.length == 0 ? DEFAULT_TIME_FORMAT : argument);
  const format = TimeFormat.parse(text.start, <i32>text.size);
  if (format === null) return side.expect("a time format, found " + quote(argument));
  side.needs.property = true;
  return new AttributeSource("request.time", AttributeKind.Plain, format);
}

function makeJwtClaim(argument: string, moment: Moment, side: Side): Source | null {
  if (!side.settings.allowUnverifiedJwt) {
    return side.expect("allowUnverifiedJwt for an unverified claim, or jwt_authn and DYNAMIC_METADATA");
  }
  const colon = argument.indexOf(":");
  const header = canonicalName(argument.substring(0, max(colon, 0)), true);
  if (nameProblem(header).length > 0 || colon + 1 == argument.length)
    return side.expect("JWT_CLAIM(header:claim.path)");
  const name = new HeaderName(header);
  side.needs.headers(moment, name);
  return new JwtClaim(moment, name, textFrom(argument, colon + 1));
}
