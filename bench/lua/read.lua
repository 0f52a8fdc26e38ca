function envoy_on_request(handle)
  local headers = handle:headers()
  local is_known = headers:get("x-internal") == "secret" and headers:get("user-agent") ~= ""
  if is_known and string.sub(headers:get(":path"), 1, 1) == "/" then
    headers:replace("x-verdict", "known")
  end
end
