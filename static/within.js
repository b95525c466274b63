// A request that is given up when its answer takes too long, in browsers without
// AbortSignal.timeout too. Where nothing can be aborted, a late answer is no longer waited for.

// read(response) is part of what has to be done in time. Resolves with what it returns; rejects
// when there is no connection, when the answer breaks off, and after so many milliseconds.
export async function within(ms, url, options, read) {
  const stop = typeof AbortController === "function" ? new AbortController() : null;
  let timer = 0;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${ms} ms`));
      stop?.abort();
    }, ms);
  });
  const answered = fetch(url, stop ? { ...options, signal: stop.signal } : options).then(read);
  answered.catch(() => {}); // it may fail after it was given up
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}
