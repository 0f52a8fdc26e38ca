-- The same four changes to headers as the two AssemblyScript filters of envoy.yaml.

function envoy_on_request(handle)
  local headers = handle:headers()
  headers:add("x-demo-request", "hello")
  headers:remove("x-internal")
end

function envoy_on_response(handle)
  local headers = handle:headers()
  headers:add("x-demo-response", "world")
  headers:remove("x-powered-by")
end
