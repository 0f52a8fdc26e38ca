import { HeaderName } from "filterwright/assembly/filters/headers/header-name";

export const AUTHORITY = new HeaderName(":authority");
export const PATH = new HeaderName(":path");
export const METHOD = new HeaderName(":method");
export const STATUS = new HeaderName(":status");
export const CONTENT_TYPE = new HeaderName("content-type");
export const COOKIE = new HeaderName("cookie");
export const REQUEST_ID = new HeaderName("x-request-id");
export const SET_COOKIE = new HeaderName("set-cookie");
