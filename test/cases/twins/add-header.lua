function envoy_on_request(handle)
  handle:headers():add("x-added", "one")
  handle:headers():add("x-upper", "kept as it is")
end

function envoy_on_response(handle)
  handle:headers():add("x-added", "two")
  handle:headers():add("set-cookie", "a=1; Path=/")
  handle:headers():add("set-cookie", "b=2")
  handle:headers():add("x-empty", "")
  handle:headers():add("x-utf8", "çà 世界")
end
