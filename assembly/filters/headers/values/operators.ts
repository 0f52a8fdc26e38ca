import { toLowerCase } from "filterwright/assembly/text/format";

/** What an operator is. Its letter also says whether it has an argument: digits may have one, capitals have none, small letters must. */
export enum Kind {
  /** There is no such operator. */
  None = 0,
  Literal = 0x30,
  /** 1: A header of the request, */
  Request,
  /** 2: before any rule; */
  OriginalRequest,
  /** 3: of the response, */
  Response,
  /** 4: before any rule. */
  OriginalResponse,
  Path,
  StartTime,
  /** A: An attribute. */
  Attribute = 0x41,
  /** B: An address without its port. */
  Host,
  /** C: A certain header of the request. */
  Header,
  UniqueId,
  /** a: An attribute; the argument ends its path. */
  AttributeOf = 0x61,
  /** b: A parameter of a query, or a cookie. */
  Parameter,
  Capture,
  Environment,
  JwtClaim,
}

/** Operators: the letter of each one's kind, then the attribute or header that it reads; `*` is its name in lower case. */
const OPERATORS = `
LITERAL=0
REQ=1
REQUEST_HEADER=1
ORIG_REQ=2
RESP=3
RESPONSE_HEADER=3
ORIG_RESP=4
PATH=5
START_TIME=6
METHOD=C:*
SCHEME=C:*
PROTOCOL=Arequest.*
DOWNSTREAM_REMOTE_ADDRESS=Asource.address
DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT=Bsource.address
DOWNSTREAM_REMOTE_PORT=Asource.port
DOWNSTREAM_LOCAL_ADDRESS=Adestination.address
DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT=Bdestination.address
DOWNSTREAM_LOCAL_PORT=Adestination.port
REQUESTED_SERVER_NAME=Aconnection.*
DOWNSTREAM_TLS_VERSION=Aconnection.tls_version
DOWNSTREAM_PEER_URI_SAN=Aconnection.uri_san_peer_certificate
DOWNSTREAM_PEER_SUBJECT=Aconnection.subject_peer_certificate
ROUTE_NAME=Axds.*
VIRTUAL_HOST_NAME=Axds.*
UPSTREAM_CLUSTER=Axds.cluster_name
UPSTREAM_HOST=Aupstream.address
RESPONSE_CODE=Aresponse.code
RESPONSE_CODE_DETAILS=Aresponse.code_details
UNIQUE_ID=D
DYNAMIC_METADATA=ametadata:filter_metadata:
FILTER_STATE=afilter_state:
ATTR=a
QUERY_PARAM=b:path
COOKIE=b*
CAPTURE=c
ENVIRONMENT=d
JWT_CLAIM=e
`;

/** Where in the table the letter of an operator stands; -1 where there is no such operator. */
export function findOperator(name: string): i32 {
  const line = "\n" + name + "=";
  const at = OPERATORS.indexOf(line);
  return at < 0 ? at : at + line.length;
}

export function kindAt(at: i32): Kind {
  return at < 0 ? Kind.None : OPERATORS.charCodeAt(at);
}

/** What an operator reads. */
export function pathAt(at: i32, name: string): string {
  const end = OPERATORS.indexOf("\n", at);
  const path = OPERATORS.substring(at + 1, end);
  return OPERATORS.charCodeAt(end - 1) == 0x2a ? path.substring(0, path.length - 1) + toLowerCase(name) : path;
}
