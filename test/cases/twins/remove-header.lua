function envoy_on_request(handle)
  handle:headers():remove("x-internal")
  handle:headers():remove("x-upper")
end

function envoy_on_response(handle)
  handle:headers():remove("x-powered-by")
  handle:headers():remove("set-cookie")
end
