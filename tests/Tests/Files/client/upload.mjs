// The public tus client, as a phone would use it: sends a file, breaks off in the middle, goes on by the address, and sends one in a single piece.
import { createHash, randomBytes } from 'node:crypto';
import { Upload } from 'tus-js-client';

const [, , host, order] = process.argv;
const content = randomBytes(3_000_000);

const run = (options, onProgress) => new Promise((resolve, reject) => {
  const upload = new Upload(content, {
    endpoint: `${host}/api/attachments/uploads`,
    headers: { Authorization: `Bearer ${process.env.UPLOAD_TOKEN}` },
    metadata: { filename: 'meterkast voor é.bin', filetype: 'image/jpeg', entityType: 'order', entityId: order },
    retryDelays: [0, 200, 1000],
    ...options,
    onError: reject,
    onSuccess: () => resolve(upload.url),
    onChunkComplete: (size, accepted) => onProgress?.(upload, accepted, resolve),
  });
  upload.start();
});

const broken = await run({ chunkSize: 400_000 }, async (upload, accepted, resolve) => {
  if (accepted >= 1_200_000) {
    await upload.abort();
    resolve(upload.url);
  }
});
const resumed = await run({ chunkSize: 400_000, uploadUrl: broken });
const whole = await run({});
const given = await run({ chunkSize: 400_000 }, async (upload, accepted, resolve) => {
  await upload.abort(true);
  resolve(upload.url);
});
console.log(JSON.stringify({ sha256: createHash('sha256').update(content).digest('hex'), broken, resumed, whole, given }));
