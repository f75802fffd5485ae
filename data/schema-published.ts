interface Published {
  company_id: string
  /** A chart's is the digest of what it shows, a file's is random. */
  id: string
  kind: 'chart' | 'file'
  /** What a file is called when it is saved; empty for a chart. */
  name: string
  /** A chart as JSON; a file's text. */
  content: string
  /** Wall time, ms: from then on it is not given out. */
  until: number
}

interface LinkSecrets {
  company_id: string
  /** 32 random bytes, base64url. */
  secret: string
}

declare module './schema.ts' {
  interface Schema {
    published: Published
    link_secrets: LinkSecrets
  }
}

export type {}
