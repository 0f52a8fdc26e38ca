import { type Attribute, encodeUtf8 } from "../host/index.ts";

/** An attribute as tests write it: whole numbers are Envoy's 64-bit integers; a Date is a time. */
export type Property = string | number | bigint | boolean | Date | Property[] | { [key: string]: Property };

type Properties = Record<string, Property>;

/** What one request's properties come to over those of the filters. @param source whether its source is given otherwise */
export function propertiesOf(below: readonly Properties[], above: Properties = {}, source: boolean): Properties {
  const all: Properties = Object.assign({}, ...below, source ? { source: {} } : {});
  const names = [...Object.keys(above), ...(source ? ["source"] : [])];
  return Object.fromEntries(names.map((name) => [name, merge(all[name], above[name])]));
}

function merge(below: Property | undefined, above: Property | undefined): Property {
  if (!isGroup(below) || !isGroup(above)) return above ?? below ?? {};
  const names = Object.keys({ ...below, ...above });
  return Object.fromEntries(names.map((name) => [name, merge(below[name], above[name])]));
}

function isGroup(value: Property | undefined): value is Properties {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}

export function toAttributes(properties: Properties): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, toAttribute(value)]));
}

function toAttribute(value: Property): Attribute {
  if (typeof value === "string") return encodeUtf8(value);
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (value instanceof Date) return BigInt(value.getTime()) * 1_000_000n;
  if (Array.isArray(value)) return value.map(toAttribute);
  return typeof value === "object" ? toAttributes(value) : value;
}
