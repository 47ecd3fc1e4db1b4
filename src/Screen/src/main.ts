import 'maplibre-gl/dist/maplibre-gl.css';
import './styles/styles.css';
import { Application } from './application.ts';
import { LoginForm } from './login/login-form.ts';
import { Session } from './login/session.ts';
import { BrowserWindows } from './login/windows.ts';
import { language, setLanguage, t, writePage } from './i18n/language.ts';
import { startTheme, toggleTheme } from './map/palette.ts';
import { byId } from './page/dom.ts';
import { RuntimeButton } from './page/runtime-button.ts';

startTheme();
writePage();

const session = new Session(new BrowserWindows());
const login = new LoginForm(session);
const application = new Application(session);
const runtime = new RuntimeButton(session);

session.began.on(user => {
  login.close();
  runtime.write();
  void application.start(user);
});
session.ended.on(how => {
  application.stop(how);
  login.open(how === 'ended' ? t('sessionEnded') : '');
});

byId('leave').addEventListener('click', () => session.leave());
byId('theme').addEventListener('click', toggleTheme);
for (const button of document.querySelectorAll('[data-switch=language]')) {
  button.addEventListener('click', () => setLanguage(language() === 'nl' ? 'en' : 'nl'));
}

if (!(await session.resume())) {
  login.open();
}
