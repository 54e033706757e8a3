// Keeps one page for the time without a connection. Nothing that a learner reads is kept.
const KEPT = {{ kept | tojson }};
const CACHE = "lancar-" + KEPT.join();

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const outdated = caches.keys().then((names) => names.filter((name) => name !== CACHE));
  event.waitUntil(
    outdated
      .then((names) => Promise.all(names.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("/offline")));
  } else if (KEPT.includes(new URL(request.url).pathname + new URL(request.url).search)) {
    event.respondWith(caches.match(request.url).then((kept) => kept || fetch(request)));
  }
});
