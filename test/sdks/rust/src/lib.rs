//! The gate, in Rust: ../README.md says what it does, ../go/main.go does the same.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::rc::Rc;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use log::{debug, error, info};
use proxy_wasm::hostcalls;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType, LogLevel, MetricType, Status};

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Trace); // what is logged is Envoy's to say
    proxy_wasm::set_root_context(|_| Box::new(Gate::default()));
}}

/// Lines of a name and a value.
#[derive(Default)]
struct Settings {
    cluster: String,
    mask: String,
}

impl FromStr for Settings {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut settings = Settings::default();
        for line in text.lines() {
            match line.split_once(' ') {
                Some(("cluster", name)) => settings.cluster = name.to_owned(),
                Some(("mask", word)) => settings.mask = word.to_owned(),
                _ => return Err(format!("unknown setting: {}", line)),
            }
        }
        Ok(settings)
    }
}

/// What the plugin has asked the host for, by the host's numbers.
#[derive(Default, Clone, Copy)]
struct Handles {
    requests: u32,
    open: u32,
    request_bytes: u32,
    ticks: u32,
    audit: u32,
}

#[derive(Default)]
struct Gate {
    settings: Rc<Settings>,
    handles: Handles,
}

impl Gate {
    fn open(&mut self) -> Result<(), Status> {
        self.handles = Handles {
            requests: hostcalls::define_metric(MetricType::Counter, "gate.requests")?,
            open: hostcalls::define_metric(MetricType::Gauge, "gate.open")?,
            request_bytes: hostcalls::define_metric(MetricType::Histogram, "gate.request_bytes")?,
            ticks: hostcalls::define_metric(MetricType::Counter, "gate.ticks")?,
            audit: hostcalls::register_shared_queue("audit")?,
        };
        hostcalls::set_tick_period(Duration::from_millis(20))
    }
}

impl Context for Gate {
    fn on_done(&mut self) -> bool {
        info!("closed");
        true
    }
}

impl RootContext for Gate {
    fn on_configure(&mut self, _: usize) -> bool {
        let bytes = self.get_plugin_configuration().unwrap_or_default();
        match String::from_utf8_lossy(&bytes).parse() {
            Ok(settings) => self.settings = Rc::new(settings),
            Err(reason) => {
                error!("{}", reason);
                return false;
            }
        }
        self.open().is_ok()
    }

    fn on_tick(&mut self) {
        hostcalls::increment_metric(self.handles.ticks, 1).unwrap();
    }

    fn on_queue_ready(&mut self, queue: u32) {
        while let Ok(Some(item)) = self.dequeue_shared_queue(queue) {
            info!("audit: {}", String::from_utf8_lossy(&item));
        }
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Visit {
            settings: Rc::clone(&self.settings),
            handles: self.handles,
            request_bytes: 0,
            is_buffering: false,
        }))
    }
}

/// One stream.
struct Visit {
    settings: Rc<Settings>,
    handles: Handles,
    request_bytes: usize,
    is_buffering: bool,
}

impl Visit {
    /// Asks whether the request may pass; it waits for the answer.
    fn ask(&self) -> Action {
        let token = self.get_http_request_header("x-token").unwrap_or_default();
        let headers = vec![
            (":method", "GET"),
            (":path", "/auth"),
            (":authority", "auth"),
            ("x-token", &token),
        ];
        let timeout = Duration::from_secs(5);
        match self.dispatch_http_call(&self.settings.cluster, headers, None, vec![], timeout) {
            Ok(_) => info!("asked {}", self.settings.cluster),
            Err(_) => self.refuse(503, "nobody to ask"),
        }
        Action::Pause
    }

    fn refuse(&self, status: u32, reason: &str) {
        let body = format!("{}\n", reason);
        self.send_http_response(status, vec![("x-reason", reason)], Some(body.as_bytes()));
    }

    /// Adds one to a number that all threads share.
    fn bump(&self, key: &str) -> u32 {
        loop {
            let (value, cas) = self.get_shared_data(key);
            let before: u32 =
                value.map_or(0, |bytes| String::from_utf8_lossy(&bytes).parse().unwrap());
            let count = before + 1;
            match self.set_shared_data(key, Some(count.to_string().as_bytes()), cas) {
                Ok(()) => return count,
                Err(Status::CasMismatch) => {} // another thread was faster
                Err(status) => panic!("shared data: {:?}", status),
            }
        }
    }

    fn mask_body(&mut self) {
        self.is_buffering = false;
        let body = self
            .get_http_response_body(0, usize::MAX)
            .unwrap_or_default();
        let stars = "*".repeat(self.settings.mask.len());
        if let Ok(text) = std::str::from_utf8(&body) {
            let masked = text.replace(&self.settings.mask, &stars);
            self.set_http_response_body(0, body.len(), masked.as_bytes());
        }
    }
}

impl Context for Visit {
    fn on_http_call_response(&mut self, _: u32, num_headers: usize, body_size: usize, _: usize) {
        // Of a call that failed there are no headers to be asked for.
        let status = (num_headers > 0).then(|| self.get_http_call_response_header(":status"));
        match status.flatten().as_deref() {
            Some("200") => {
                let user = self
                    .get_http_call_response_body(0, body_size)
                    .unwrap_or_default();
                self.set_http_request_header_bytes("x-user", Some(&user));
                self.resume_http_request();
            }
            Some(status) => self.refuse(403, &format!("auth says {}", status)),
            None => self.refuse(503, "auth says nothing"),
        }
    }
}

impl HttpContext for Visit {
    fn on_http_request_headers(&mut self, count: usize, _: bool) -> Action {
        hostcalls::increment_metric(self.handles.requests, 1).unwrap();
        hostcalls::increment_metric(self.handles.open, 1).unwrap();
        if self.get_http_request_header("x-panic").is_some() {
            panic!("told to");
        }
        if self.get_http_request_header("x-blocked").is_some() {
            self.refuse(403, "blocked");
            return Action::Pause;
        }
        debug!("Envoy says info, so that nobody sees this");
        let headers = self.get_http_request_headers();
        let method = self
            .get_property(vec!["request", "method"])
            .unwrap_or_default();
        let root_id = self
            .get_property(vec!["plugin_root_id"])
            .unwrap_or_default();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let nonce = RandomState::new().build_hasher().finish();
        self.set_property(
            vec!["gate_seen"],
            Some(self.bump("requests").to_string().as_bytes()),
        );
        self.set_http_request_header("x-internal", None);
        self.set_http_request_header("x-version", Some("2"));
        self.add_http_request_header("x-tag", "gate");
        self.add_http_request_header("accept", "text/html");
        self.add_http_request_header("x-counts-agree", &(count == headers.len()).to_string());
        self.add_http_request_header_bytes("x-properties", &[method, root_id].join(&b' '));
        self.add_http_request_header("x-time", &now.as_secs().to_string());
        self.add_http_request_header("x-nonce", &format!("{:016x}", nonce));
        self.ask()
    }

    fn on_http_request_body(&mut self, body_size: usize, _: bool) -> Action {
        self.request_bytes += body_size;
        Action::Continue
    }

    fn on_http_request_trailers(&mut self, _: usize) -> Action {
        self.add_http_request_trailer("x-gate", "seen");
        Action::Continue
    }

    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        self.set_http_response_header("content-length", None); // the body's may become another
        self.set_http_response_header("x-powered-by", None);
        let seen = self.get_property(vec!["gate_seen"]).unwrap_or_default();
        self.set_http_response_header_bytes("x-seen", Some(&seen));
        Action::Continue
    }

    fn on_http_response_body(&mut self, _: usize, end_of_stream: bool) -> Action {
        self.is_buffering = true;
        if !end_of_stream {
            return Action::Pause;
        }
        self.mask_body();
        Action::Continue
    }

    fn on_http_response_trailers(&mut self, _: usize) -> Action {
        if self.is_buffering {
            self.mask_body();
        }
        self.add_http_response_trailer("x-gate", "seen");
        Action::Continue
    }

    fn on_log(&mut self) {
        hostcalls::increment_metric(self.handles.open, -1).unwrap();
        hostcalls::record_metric(self.handles.request_bytes, self.request_bytes as u64).unwrap();
        let path = self.get_http_request_header(":path").unwrap_or_default();
        let status = self.get_http_response_header(":status").unwrap_or_default();
        let line = format!("{} {}", path, status);
        self.enqueue_shared_queue(self.handles.audit, Some(line.as_bytes()))
            .unwrap();
    }
}
