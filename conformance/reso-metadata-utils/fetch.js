// $metadata over HTTP.

/** $metadata was not answered with 2xx. */
export class MetadataFetchError extends Error {
  constructor(status, headers) {
    super(`$metadata is answered with ${status}`);
    this.name = 'MetadataFetchError';
    this.status = status;
    this.headers = headers;
  }
}

/** The text of $metadata, and the version that its answer names. */
export const fetchRawMetadataWithVersion = async (root, token, { useFormatParam = true } = {}) => {
  const url = `${root}/$metadata${useFormatParam ? '?$format=application/xml' : ''}`;
  const headers = { Accept: 'application/xml', ...(token && { Authorization: `Bearer ${token}` }) };
  const answer = await fetch(url, { headers });
  const told = Object.fromEntries(answer.headers);
  if (!answer.ok) throw new MetadataFetchError(answer.status, told);
  return { xml: await answer.text(), odataVersion: told['odata-version'] };
};

/** The text of $metadata. */
export const fetchRawMetadata = async (root, token, options) =>
  (await fetchRawMetadataWithVersion(root, token, options)).xml;
