// Helpers of Lua scripts: operations on lines and their elements.

export const EDIT_HELPERS = {
  elements_of: {
    code: `
-- Where the elements of a list begin and end; separators in quotes part nothing.
local function elements_of(line, separator)
  local elements, from = {}, 1
  while from <= #line + 1 do
    local at, is_quoted = from, false
    while at <= #line do
      local byte = line:sub(at, at)
      if byte == '"' then is_quoted = not is_quoted
      elseif is_quoted and byte == "\\\\" then at = at + 1
      elseif not is_quoted and line:sub(at, at + #separator - 1) == separator then break end
      at = at + 1
    end
    local last = math.min(at, #line + 1) - 1
    local text = line:sub(from, last)
    local first = from + #text:match("^[ \\t]*")
    elements[#elements + 1] = { first = first, last = first + #text:match("^[ \\t]*(.-)[ \\t]*$") - 1 }
    from = at > #line and #line + 2 or at + #separator
  end
  return elements
end`,
  },
  texts_of: {
    uses: ["elements_of"],
    code: `
-- The elements of some lines, without empty ones.
local function texts_of(lines, separator)
  local texts = {}
  for _, line in ipairs(lines) do
    for _, element in ipairs(elements_of(line, separator)) do
      if element.first <= element.last then texts[#texts + 1] = line:sub(element.first, element.last) end
    end
  end
  return texts
end`,
  },
  contains: {
    code: `
local function contains(list, text)
  for _, item in ipairs(list) do
    if item == text then return true end
  end
  return false
end`,
  },
  append: {
    uses: ["lines_of", "update", "texts_of", "contains"],
    code: `
-- Joins values to the last line of a header, or to every line; makes a line where there is none.
local function append(headers, name, values, separator, is_unique, to_every_line)
  local old, lines, appended = lines_of(headers, name), {}, 0
  for i = 1, math.max(#old, 1) do
    local line = old[i] or ""
    if to_every_line or i >= #old then
      for _, value in ipairs(values) do
        local others = to_every_line and {} or { unpack(lines) }
        others[#others + 1] = line
        if not (is_unique and contains(texts_of(others, ","), value)) then
          line = line .. (line ~= "" and separator or "") .. value
          appended = appended + 1
        end
      end
    end
    lines[#lines + 1] = line
  end
  if appended > 0 then update(headers, name, lines) end
end`,
  },
  remove_lines: {
    uses: ["lines_of", "set"],
    code: `
-- Removes the lines whose value is unwanted.
local function remove_lines(headers, name, is_unwanted)
  local old, lines = lines_of(headers, name), {}
  for _, line in ipairs(old) do
    if not is_unwanted(line) then lines[#lines + 1] = line end
  end
  if #lines == #old then return end
  if #lines == 0 then headers:remove(name) else set(headers, name, lines) end
end`,
  },
  move: {
    uses: ["lines_of", "set", "add"],
    code: `
-- Gives all lines of a header another name.
local function move(headers, from, to, on_conflict, keeps)
  local lines = lines_of(headers, from)
  if #lines == 0 or (on_conflict == "skip" and headers:getNumValues(to) > 0) then return end
  if not keeps then headers:remove(from) end
  if on_conflict == "append" then add(headers, to, lines) else set(headers, to, lines) end
end`,
  },
  replaced: {
    code: `
-- A text with what takes the place of a literal in it.
local function replaced(text, literal, substitution, which)
  if which == "whole" then return text == literal and substitution or text end
  local parts, from = {}, 1
  repeat
    local first, last = text:find(literal, from, true)
    if first then
      parts[#parts + 1] = text:sub(from, first - 1) .. substitution
      from = last + 1
    end
  until not first or which == "first"
  return table.concat(parts) .. text:sub(from)
end`,
  },
  edit_lines: {
    uses: ["lines_of", "update"],
    code: `
-- Edits each line of a header.
local function edit_lines(headers, name, edit)
  local lines = lines_of(headers, name)
  for i, line in ipairs(lines) do lines[i] = edit(line) end
  update(headers, name, lines)
end`,
  },
  edit_elements: {
    uses: ["elements_of", "edit_lines"],
    code: `
-- Edits each element in each line of a header; what is between them stays.
local function edit_elements(headers, name, edit)
  edit_lines(headers, name, function(line)
    local parts, copied = {}, 1
    for _, element in ipairs(elements_of(line, ",")) do
      if element.first <= element.last then
        parts[#parts + 1] = line:sub(copied, element.first - 1) .. edit(line:sub(element.first, element.last))
        copied = element.last + 1
      end
    end
    return table.concat(parts) .. line:sub(copied)
  end)
end`,
  },
  retained: {
    uses: ["contains"],
    code: `
-- The first of some values, the last, or each once.
local function retained(values, strategy)
  if strategy == "RETAIN_FIRST" then return { values[1] } end
  if strategy == "RETAIN_LAST" then return { values[#values] } end
  local list = {}
  for _, value in ipairs(values) do
    if not contains(list, value) then list[#list + 1] = value end
  end
  return list
end`,
  },
  join: {
    uses: ["lines_of", "trim", "update"],
    code: `
-- Makes one line of all.
local function join(headers, name, separator)
  local texts = {}
  for _, line in ipairs(lines_of(headers, name)) do
    line = trim(line)
    if line ~= "" then texts[#texts + 1] = line end
  end
  if #texts > 0 then update(headers, name, { table.concat(texts, separator) }) end
end`,
  },
} satisfies Record<string, { uses?: string[]; code: string }>;
