/** The request that a job is measured with. */
export interface BenchRequest {
  path: string;
  authority: string;
  headers: [string, string][];
}

export const REFERENCE_REQUEST: BenchRequest = {
  path: "/",
  authority: "127.0.0.1",
  headers: [
    ["user-agent", "bench"],
    ["accept", "*/*"],
    ["x-internal", "secret"],
  ],
};

/** What a browser sends behind a proxy, and what the rules look at. */
export const DECIDE_REQUEST: BenchRequest = {
  path: "/api/orders?page=2",
  authority: "shop.example.com",
  headers: [
    ["user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"],
    ["accept", "application/json"],
    ["accept-language", "en"],
    ["accept-encoding", "gzip"],
    ["cookie", "session=0123456789abcdef"],
    ["x-user", "ada"],
    ["x-forwarded-for", "192.0.2.1"],
    ["x-tags", "a, b, a, c"],
    ["x-internal-a", "1"],
    ["x-internal-b", "2"],
  ],
};
