"""A window as wide as a phone with WebKitGTK in it, for WebKitWebDriver: Debian's own MiniBrowser
can't be narrower than 447 px. Run by Debian's Python, as PyGObject is a package of Debian's."""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")

from gi.repository import Gdk, Gtk, WebKit2  # noqa: E402

WIDTH, HEIGHT = 390, 844


def main() -> None:
    context = WebKit2.WebContext.new_ephemeral()
    context.set_automation_allowed(True)
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    window = Gtk.Window()
    window.set_decorated(False)
    window.set_default_size(WIDTH, HEIGHT)
    window.add(view)

    def started(_: WebKit2.WebContext, session: WebKit2.AutomationSession) -> None:
        about = WebKit2.ApplicationInfo()
        about.set_name("MiniBrowser")
        session.set_application_info(about)
        session.connect("create-web-view", lambda *_: view)

    context.connect("automation-started", started)
    window.connect("destroy", Gtk.main_quit)
    window.show_all()
    view.grab_focus()
    window.get_window().focus(Gdk.CURRENT_TIME)  # no window manager is there to do it
    view.load_uri("about:blank")
    Gtk.main()


if __name__ == "__main__":
    sys.exit(main())
