-- The job of DECIDE_RULES (src/bench/rules-variants.ts): for the hosts of a domain and the paths below a prefix, drop headers by
-- a prefix, set one from another, append to x-forwarded-for, and keep each element of a list once.
function envoy_on_request(handle)
  local headers = handle:headers()
  local host = headers:get(":authority"):match("^[^:]*")
  if host:sub(-12) ~= ".example.com" or #host == 12 then return end
  local path = headers:get(":path"):match("^[^?]*")
  if path ~= "/api" and path:sub(1, 5) ~= "/api/" then return end

  local internal = {}
  for name in pairs(headers) do
    if name:sub(1, 11) == "x-internal-" then internal[#internal + 1] = name end
  end
  for _, name in ipairs(internal) do headers:remove(name) end

  headers:replace("x-tenant", "tenant-" .. (headers:get("x-user") or ""))

  local forwarded = headers:get("x-forwarded-for")
  headers:replace("x-forwarded-for", forwarded and forwarded .. ", 10.0.0.1" or "10.0.0.1")

  local tags = headers:get("x-tags")
  if tags then
    local seen, kept = {}, {}
    for tag in tags:gmatch("[^,]+") do
      tag = tag:match("^%s*(.-)%s*$")
      if tag ~= "" and not seen[tag] then
        seen[tag] = true
        kept[#kept + 1] = tag
      end
    end
    headers:replace("x-tags", table.concat(kept, ", "))
  end
end
