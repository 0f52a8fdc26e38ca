// Helpers of Lua scripts: what rules ask of messages.

export const CONDITION_HELPERS = {
  is_host: {
    code: `
-- Whether the host, without its port, is one of some names; *.x is one or more labels before x.
local function is_host(headers, hostnames)
  local host = headers:get(":authority")
  if not host then return false end
  local from = host:sub(1, 1) == "[" and (host:find("]", 1, true) or #host + 1) or 1
  host = host:sub(1, (host:find(":", from, true) or #host + 1) - 1):lower()
  for _, hostname in ipairs(hostnames) do
    if hostname:sub(1, 1) ~= "*" then
      if host == hostname then return true end
    elseif #host > #hostname - 1 and host:sub(1 - #hostname) == hostname:sub(2) then return true end
  end
  return false
end`,
  },
  path_of: {
    code: `
-- The path without the query; nil where there is none.
local function path_of(headers)
  local path = headers:get(":path")
  return path and path:match("^[^?]*")
end`,
  },
  has_path_prefix: {
    uses: ["path_of"],
    code: `
-- Whether the path begins with all elements of a prefix.
local function has_path_prefix(headers, prefix)
  local path = path_of(headers)
  return path and (path == prefix or path:sub(1, #prefix + 1) == prefix .. "/")
end`,
  },
  query_parameter: {
    uses: ["parts_of"],
    code: `
-- The values of a parameter in the query, joined by commas; nil where there is none.
local function query_parameter(headers, wanted)
  local values, path = {}, headers:get(":path") or ""
  for _, part in ipairs(parts_of(path, "&", (path:find("?", 1, true) or #path) + 1)) do
    if part.name:lower() == wanted then values[#values + 1] = part.value or "" end
  end
  return #values > 0 and table.concat(values, ",") or nil
end`,
  },
  cookie: {
    uses: ["lines_of", "parts_of"],
    code: `
-- The values of a cookie, joined by commas; nil where there is none.
local function cookie(headers, wanted)
  local values = {}
  for _, line in ipairs(lines_of(headers, "cookie")) do
    for _, part in ipairs(parts_of(line, ";", 1)) do
      if part.value and part.name:lower() == wanted then
        values[#values + 1] = part.value:match('^"(.*)"$') or part.value
      end
    end
  end
  return #values > 0 and table.concat(values, ",") or nil
end`,
  },
  status_of: {
    code: `
local function status_of(headers)
  return tonumber(headers:get(":status") or "") or 0
end`,
  },
  media_type: {
    uses: ["trim"],
    code: `
-- The content type without its parameters, in lower case.
local function media_type(headers)
  return trim((headers:getAtIndex("content-type", 0) or ""):match("^[^;]*")):lower()
end`,
  },
} satisfies Record<string, { uses?: string[]; code: string }>;
