// Helpers of Lua scripts: lists of NAME=VALUE, as queries and cookies are. assembly/http/parameters.ts has the same.

export const PARAMETER_HELPERS = {
  parts_of: {
    uses: ["trim"],
    code: `
-- The parts of a list, NAME=VALUE or NAME, and where they stand in it; parts of nothing but blanks are none.
local function parts_of(line, separator, from)
  local parts = {}
  while from <= #line do
    local behind = line:find(separator, from, true) or #line + 1
    local text = line:sub(from, behind - 1)
    if text:find("[^ \\t]") then
      local first = from + #text:match("^[ \\t]*")
      local part = { from = from, behind = behind, first = first, last = first + #trim(text) - 1, name = trim(text) }
      local name, value = text:match("^([^=]*)=[ \\t]*(.*)$")
      if name then
        part.name, part.value, part.value_first = trim(name), trim(value), behind - #value
      end
      parts[#parts + 1] = part
    end
    from = behind + 1
  end
  return parts
end`,
  },
  without_parts: {
    code: `
-- The end of a list, from a place on, without some of its parts.
local function without_parts(line, parts, is_unwanted, copied, from)
  local texts = {}
  for i = from, #parts do
    local part = parts[i]
    if is_unwanted(part) then
      -- A part goes with the separator in front of it, or where nothing is in front, with the one behind it.
      if part.from > copied then
        texts[#texts + 1] = line:sub(copied, part.from - 2)
        copied = part.behind
      else
        copied = line:find("[^ \\t]", math.min(part.behind + 1, #line + 1)) or #line + 1
      end
    end
  end
  return table.concat(texts) .. line:sub(copied)
end`,
  },
  with_part: {
    uses: ["without_parts"],
    code: `
-- A list with a text in the place of the first part that is meant, and without others that are; at its end where none is.
local function with_part(line, parts, is_meant, text, from)
  for i = from, #parts do
    local part = parts[i]
    if is_meant(part) then
      return line:sub(1, part.first - 1) .. text .. without_parts(line, parts, is_meant, part.last + 1, i + 1)
    end
  end
  return line .. (line ~= "" and "; " or "") .. text
end`,
  },
  form_encode: {
    code: `
local function form_encode(text)
  text = text:gsub("[^A-Za-z0-9*._ -]", function(byte) return ("%%%02X"):format(byte:byte()) end)
  return (text:gsub(" ", "+"))
end`,
  },
  form_decode: {
    code: `
local function form_decode(text)
  text = text:gsub("%+", " ")
  return (text:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end`,
  },
  query_value: {
    uses: ["parts_of", "form_decode"],
    code: `
-- The value of the first parameter of a name in the query, as it is written.
local function query_value(headers, wanted)
  local path = headers:get(":path") or ""
  for _, part in ipairs(parts_of(path, "&", (path:find("?", 1, true) or #path) + 1)) do
    if form_decode(part.name) == wanted then return part.value or "" end
  end
  return ""
end`,
  },
  cookie_value: {
    uses: ["lines_of", "parts_of"],
    code: `
-- The value of the first cookie of a name.
local function cookie_value(headers, wanted)
  for _, line in ipairs(lines_of(headers, "cookie")) do
    for _, part in ipairs(parts_of(line, ";", 1)) do
      if part.value and part.name == wanted then return part.value:match('^"(.*)"$') or part.value end
    end
  end
  return ""
end`,
  },
  edit_query: {
    uses: ["parts_of", "without_parts", "form_encode", "form_decode", "update"],
    code: `
-- Removes parameters from the query, and puts one at its end.
local function edit_query(headers, removed, name, value)
  local path = headers:get(":path")
  if not path then return end
  for _, unwanted in ipairs(removed) do
    local list = (path:find("?", 1, true) or #path) + 1
    local is_unwanted = function(part) return form_decode(part.name) == unwanted end
    local edited = path:sub(1, list - 1) .. without_parts(path, parts_of(path, "&", list), is_unwanted, list, 1)
    path = #edited < #path and #edited == list - 1 and edited:sub(1, -2) or edited
  end
  if name then
    local query = path:find("?", 1, true)
    if not query then path = path .. "?"
    elseif query < #path and path:sub(-1) ~= "&" then path = path .. "&" end
    path = path .. form_encode(name) .. "=" .. form_encode(value)
  end
  update(headers, ":path", { path })
end`,
  },
  edit_cookies: {
    uses: ["lines_of", "parts_of", "without_parts", "with_part", "update"],
    code: `
-- Removes cookies from a request, and sets one.
local function edit_cookies(headers, removed, name, value)
  local old, lines, is_there = lines_of(headers, "cookie"), {}, false
  for _, line in ipairs(old) do
    local function without(unwanted)
      local is_unwanted = function(part) return part.value and part.name == unwanted end
      line = without_parts(line, parts_of(line, ";", 1), is_unwanted, 1, 1)
    end
    for _, unwanted in ipairs(removed) do without(unwanted) end
    if name and is_there then without(name)
    elseif name then
      local is_ours = function(part)
        local is_it = part.value and part.name == name
        is_there = is_there or is_it
        return is_it
      end
      local edited = with_part(line, parts_of(line, ";", 1), is_ours, name .. "=" .. value, 1)
      if is_there then line = edited end
    end
    if line ~= "" then lines[#lines + 1] = line end
  end
  if name and not is_there then
    if #lines > 0 then lines[#lines] = lines[#lines] .. "; " .. name .. "=" .. value
    else lines[1] = name .. "=" .. value end
  end
  if #lines > 0 then update(headers, "cookie", lines)
  elseif #old > 0 then headers:remove("cookie") end
end`,
  },
  edit_set_cookie: {
    uses: ["lines_of", "parts_of", "without_parts", "with_part", "update"],
    code: `
-- Edits the cookie of a name that a response sets; sets it, where there is none and it has a value.
local function edit_set_cookie(headers, name, value, attributes)
  local lines, is_there = lines_of(headers, "set-cookie"), false
  for i, line in ipairs(lines) do
    local cookie = parts_of(line, ";", 1)[1]
    if cookie and cookie.from == 1 and cookie.value and cookie.name == name then
      is_there = true
      if value ~= "" then
        line = line:sub(1, cookie.value_first - 1) .. value .. line:sub(cookie.value_first + #cookie.value)
      end
      for _, attribute in ipairs(attributes) do
        local parts = parts_of(line, ";", 1)
        local is_it = function(part) return part.name:lower() == attribute.name:lower() end
        if attribute.is_removed then line = without_parts(line, parts, is_it, 1, 2)
        elseif attribute.value ~= "" then
          local text = attribute.name .. (attribute.value and "=" .. attribute.value or "")
          line = with_part(line, parts, is_it, text, 2)
        end
      end
      lines[i] = line
    end
  end
  if not is_there and value ~= "" then
    local texts = { name .. "=" .. value }
    for _, attribute in ipairs(attributes) do
      if not attribute.is_removed and attribute.value ~= "" then
        texts[#texts + 1] = attribute.name .. (attribute.value and "=" .. attribute.value or "")
      end
    end
    lines[#lines + 1] = table.concat(texts, "; ")
  end
  if #lines > 0 then update(headers, "set-cookie", lines) end
end`,
  },
} satisfies Record<string, { uses?: string[]; code: string }>;
