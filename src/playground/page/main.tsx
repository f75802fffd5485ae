import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Session } from './session.ts'
import { remembered, Shell } from './shell/shell.tsx'
import './style/tokens.css'
import './style/base.css'
import './style/controls.css'
import './style/shell.css'
import './style/panel.css'
import './style/client.css'
import './style/messages.css'
import './style/dialogs.css'
import './style/blocks.css'
import './style/inputs.css'
import './style/narrow.css'
import { LanguageContext, SessionContext } from './use.ts'
import { firstLanguage } from './words.ts'

function Page({ session }: { session: Session }) {
  const [language, setLanguage] = useState(() => firstLanguage(remembered('language'), navigator.languages))
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <SessionContext.Provider value={session}>
      <LanguageContext.Provider value={language}>
        <Shell onLanguage={setLanguage} />
      </LanguageContext.Provider>
    </SessionContext.Provider>
  )
}

const session = new Session()
const root = document.getElementById('page')
if (root) {
  render(<Page session={session} />, root)
  void session.start(firstLanguage(remembered('language'), navigator.languages))
}
