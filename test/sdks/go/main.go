// The gate, in Go: ../README.md says what it does, ../rust/src/lib.rs does the same.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/proxy-wasm/proxy-wasm-go-sdk/proxywasm"
	"github.com/proxy-wasm/proxy-wasm-go-sdk/proxywasm/types"
)

func init() {
	proxywasm.SetPluginContext(func(uint32) types.PluginContext { return &gate{} })
}

// A reactor has no main; the compiler wants one.
func main() {}

// settings are lines of a name and a value.
type settings struct {
	cluster, mask string
}

func parseSettings(text string) (settings, error) {
	var s settings
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch name, value, _ := strings.Cut(line, " "); name {
		case "cluster":
			s.cluster = value
		case "mask":
			s.mask = value
		default:
			return s, fmt.Errorf("unknown setting: %s", line)
		}
	}
	return s, nil
}

type gate struct {
	types.DefaultPluginContext
	settings
	requests, ticks proxywasm.MetricCounter
	open            proxywasm.MetricGauge
	requestBytes    proxywasm.MetricHistogram
	audit           uint32
}

func (g *gate) OnPluginStart(int) types.OnPluginStartStatus {
	text, err := proxywasm.GetPluginConfiguration()
	if err != nil && !errors.Is(err, types.ErrorStatusNotFound) { // nothing is NotFound
		proxywasm.LogErrorf("configuration: %v", err)
		return types.OnPluginStartStatusFailed
	}
	if g.settings, err = parseSettings(string(text)); err != nil {
		proxywasm.LogError(err.Error())
		return types.OnPluginStartStatusFailed
	}
	g.requests = proxywasm.DefineCounterMetric("gate.requests")
	g.open = proxywasm.DefineGaugeMetric("gate.open")
	g.requestBytes = proxywasm.DefineHistogramMetric("gate.request_bytes")
	g.ticks = proxywasm.DefineCounterMetric("gate.ticks")
	if g.audit, err = proxywasm.RegisterSharedQueue("audit"); err != nil {
		return types.OnPluginStartStatusFailed
	}
	if err := proxywasm.SetTickPeriodMilliSeconds(20); err != nil {
		return types.OnPluginStartStatusFailed
	}
	return types.OnPluginStartStatusOK
}

func (g *gate) OnTick() { g.ticks.Increment(1) }

func (g *gate) OnQueueReady(queue uint32) {
	for {
		item, err := proxywasm.DequeueSharedQueue(queue)
		if err != nil {
			return
		}
		proxywasm.LogInfof("audit: %s", item)
	}
}

func (g *gate) OnPluginDone() bool {
	proxywasm.LogInfo("closed")
	return true
}

func (g *gate) NewHttpContext(uint32) types.HttpContext { return &visit{gate: g} }

// visit is one stream.
type visit struct {
	types.DefaultHttpContext
	gate         *gate
	requestBytes int
	isBuffering  bool
}

func (v *visit) OnHttpRequestHeaders(count int, _ bool) types.Action {
	v.gate.requests.Increment(1)
	v.gate.open.Add(1)
	if _, err := proxywasm.GetHttpRequestHeader("x-panic"); err == nil {
		panic("told to")
	}
	if _, err := proxywasm.GetHttpRequestHeader("x-blocked"); err == nil {
		refuse(403, "blocked")
		return types.ActionPause
	}
	proxywasm.LogDebug("Envoy says info, so that nobody sees this")
	headers := must(proxywasm.GetHttpRequestHeaders())
	method := must(proxywasm.GetProperty([]string{"request", "method"}))
	rootID := must(proxywasm.GetProperty([]string{"plugin_root_id"}))
	nonce := make([]byte, 8)
	must(rand.Read(nonce))
	seen := strconv.Itoa(bump("requests"))
	check(
		proxywasm.SetProperty([]string{"gate_seen"}, []byte(seen)),
		proxywasm.RemoveHttpRequestHeader("x-internal"),
		proxywasm.ReplaceHttpRequestHeader("x-version", "2"),
		proxywasm.AddHttpRequestHeader("x-tag", "gate"),
		proxywasm.AddHttpRequestHeader("accept", "text/html"),
		proxywasm.AddHttpRequestHeader("x-counts-agree", strconv.FormatBool(count == len(headers))),
		proxywasm.AddHttpRequestHeader("x-properties", fmt.Sprintf("%s %s", method, rootID)),
		proxywasm.AddHttpRequestHeader("x-time", strconv.FormatInt(time.Now().Unix(), 10)),
		proxywasm.AddHttpRequestHeader("x-nonce", hex.EncodeToString(nonce)),
	)
	return v.ask()
}

// ask asks whether the request may pass; it waits for the answer.
func (v *visit) ask() types.Action {
	token, _ := proxywasm.GetHttpRequestHeader("x-token") // "" without one
	headers := [][2]string{{":method", "GET"}, {":path", "/auth"}, {":authority", "auth"}, {"x-token", token}}
	if _, err := proxywasm.DispatchHttpCall(v.gate.cluster, headers, nil, nil, 5000, v.onAnswer); err != nil {
		refuse(503, "nobody to ask")
	} else {
		proxywasm.LogInfof("asked %s", v.gate.cluster)
	}
	return types.ActionPause
}

func (v *visit) onAnswer(_, bodySize, _ int) {
	headers, _ := proxywasm.GetHttpCallResponseHeaders() // none where it failed
	var status string
	for _, header := range headers {
		if header[0] == ":status" {
			status = header[1]
		}
	}
	switch status {
	case "200":
		user := must(proxywasm.GetHttpCallResponseBody(0, bodySize))
		check(proxywasm.ReplaceHttpRequestHeader("x-user", string(user)), proxywasm.ResumeHttpRequest())
	case "":
		refuse(503, "auth says nothing")
	default:
		refuse(403, "auth says "+status)
	}
}

func (v *visit) OnHttpRequestBody(size int, _ bool) types.Action {
	v.requestBytes += size
	return types.ActionContinue
}

func (v *visit) OnHttpRequestTrailers(int) types.Action {
	check(proxywasm.AddHttpRequestTrailer("x-gate", "seen"))
	return types.ActionContinue
}

func (v *visit) OnHttpResponseHeaders(int, bool) types.Action {
	seen, _ := proxywasm.GetProperty([]string{"gate_seen"}) // none where the gate has refused
	check(
		proxywasm.RemoveHttpResponseHeader("content-length"), // the body's may become another
		proxywasm.RemoveHttpResponseHeader("x-powered-by"),
		proxywasm.ReplaceHttpResponseHeader("x-seen", string(seen)),
	)
	return types.ActionContinue
}

func (v *visit) OnHttpResponseBody(_ int, endOfStream bool) types.Action {
	v.isBuffering = true
	if !endOfStream {
		return types.ActionPause
	}
	v.maskBody()
	return types.ActionContinue
}

func (v *visit) OnHttpResponseTrailers(int) types.Action {
	if v.isBuffering {
		v.maskBody()
	}
	check(proxywasm.AddHttpResponseTrailer("x-gate", "seen"))
	return types.ActionContinue
}

func (v *visit) maskBody() {
	v.isBuffering = false
	body, err := proxywasm.GetHttpResponseBody(0, math.MaxInt32)
	if errors.Is(err, types.ErrorStatusNotFound) {
		return // nothing in it
	}
	check(err)
	mask := v.gate.mask
	stars := strings.Repeat("*", len(mask))
	check(proxywasm.ReplaceHttpResponseBody(bytes.ReplaceAll(body, []byte(mask), []byte(stars))))
}

func (v *visit) OnHttpStreamDone() {
	v.gate.open.Add(-1)
	v.gate.requestBytes.Record(uint64(v.requestBytes))
	path, _ := proxywasm.GetHttpRequestHeader(":path")
	status, _ := proxywasm.GetHttpResponseHeader(":status")
	check(proxywasm.EnqueueSharedQueue(v.gate.audit, []byte(path+" "+status)))
}

func refuse(status uint32, reason string) {
	check(proxywasm.SendHttpResponse(status, [][2]string{{"x-reason", reason}}, []byte(reason+"\n"), -1))
}

// bump adds one to a number that all threads share.
func bump(key string) int {
	for {
		value, cas, err := proxywasm.GetSharedData(key)
		if err != nil && !errors.Is(err, types.ErrorStatusNotFound) {
			panic(err)
		}
		before, _ := strconv.Atoi(string(value)) // 0 without one
		count := before + 1
		err = proxywasm.SetSharedData(key, []byte(strconv.Itoa(count)), cas)
		if errors.Is(err, types.ErrorStatusCasMismatch) {
			continue
		}
		check(err)
		return count
	}
}

// check panics, which ends the VM: nothing that can happen fails here.
func check(errs ...error) {
	if err := errors.Join(errs...); err != nil {
		panic(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}
