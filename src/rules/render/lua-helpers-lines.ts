// Helpers of Lua scripts: lines of headers, and values.

export const LINE_HELPERS = {
  lines_of: {
    code: `
-- The lines of a header.
local function lines_of(headers, name)
  local lines = {}
  for i = 1, headers:getNumValues(name) do lines[i] = headers:getAtIndex(name, i - 1) end
  return lines
end`,
  },
  joined: {
    uses: ["lines_of"],
    code: `
-- All lines of a header, joined by commas; nil where there is none.
local function joined(headers, name)
  local lines = lines_of(headers, name)
  return #lines > 0 and table.concat(lines, ",") or nil
end`,
  },
  written: {
    code: `
-- The values that may be written: none where one has a control character.
local function written(values, keeps_empty)
  local lines = {}
  for _, value in ipairs(values) do
    if value:find("[%z\\1-\\8\\10-\\31\\127]") then return {} end
    if keeps_empty or value ~= "" then lines[#lines + 1] = value end
  end
  return lines
end`,
  },
  add: {
    code: `
local function add(headers, name, lines)
  for _, line in ipairs(lines) do headers:add(name, line) end
end`,
  },
  set: {
    code: `
-- Puts lines in the place of all that a header has; no lines change nothing.
local function set(headers, name, lines)
  for i, line in ipairs(lines) do
    if i == 1 then headers:replace(name, line) else headers:add(name, line) end
  end
end`,
  },
  update: {
    uses: ["lines_of", "set"],
    code: `
-- The same, where they are others than those that are there.
local function update(headers, name, lines)
  local old = lines_of(headers, name)
  local is_same = #old == #lines
  for i, line in ipairs(lines) do is_same = is_same and line == old[i] end
  if not is_same then set(headers, name, lines) end
end`,
  },
  names_of: {
    code: `
-- The names that a message has and that are wanted, each once.
local function names_of(headers, is_wanted)
  local names, seen = {}, {}
  for name in pairs(headers) do
    if not seen[name] and is_wanted(name) then names[#names + 1] = name end
    seen[name] = true
  end
  return names
end`,
  },
  trim: {
    code: `
local function trim(text)
  return (text:match("^[ \\t]*(.-)[ \\t]*$"))
end`,
  },
  default: {
    code: `
local function default(value, otherwise)
  return value ~= "" and value or otherwise
end`,
  },
  urlencode: {
    code: `
local function urlencode(value)
  return (value:gsub("[^A-Za-z0-9._~-]", function(byte) return ("%%%02X"):format(byte:byte()) end))
end`,
  },
  urldecode: {
    code: `
-- What cannot be decoded is a control character, which nothing writes.
local function urldecode(value)
  if value:gsub("%%%x%x", ""):find("%%") then return "\\0" end
  return (value:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end`,
  },
  base64url: {
    code: `
local function base64url(handle, value)
  return (handle:base64Escape(value):gsub("[+/=]", { ["+"] = "-", ["/"] = "_", ["="] = "" }))
end`,
  },
  to_ascii: {
    code: `
-- Dynamic metadata are UTF-8, header values need not be.
local function to_ascii(value)
  return (value:gsub("[%%\\128-\\255]", function(byte) return ("%%%02X"):format(byte:byte()) end))
end`,
  },
  from_ascii: {
    code: `
local function from_ascii(value)
  return (value:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end`,
  },
} satisfies Record<string, { uses?: string[]; code: string }>;
