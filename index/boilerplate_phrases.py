"""The wording of furniture, in the languages the web mostly speaks.

Each line is a regular expression; a line indented deeper continues the one before. They are
matched without regard to case against a unit's visible words (``index.boilerplate_units``). They
hold what only a site says to its visitor, and are anchored or addressed to "you" and "us", because
an article may well be *about* cookies and copyright.
"""

from __future__ import annotations

import re
from textwrap import dedent


def _wordings(lines: str) -> re.Pattern[str]:
    joined = re.sub(r"\n +", "", dedent(lines)).strip()
    return re.compile("|".join(f"(?:{line})" for line in joined.splitlines()), re.IGNORECASE)


ARCHIVE = _wordings(
    r"""
    ^the wayback machine - https?:
    ^this is (google's cache|an archived (page|version))
    ^(archived|saved) from (the original|https?:)
    """
)
"""Toolbars of archives. Match."""

ARCHIVE_BAR_START = _wordings(r"^\d[\d,]* captures?$")
ARCHIVE_BAR_END = _wordings(r"^the wayback machine - https?:")
"""The Internet Archive's toolbar, with its calendar and the archive's word on itself. Search."""

CONSENT = _wordings(
    r"""
    (we (care about|value|respect)|about|manage) your (privacy|data)( choices)?
    (your )?(privacy|cookie|consent) (preferences?|settings|choices|center|centre)( center| centre)?
    manage (my |your )?(cookies?|consent|privacy)( preferences| settings)?
    ihre privatsphäre|datenschutzeinstellungen|votre vie privée|su privacidad
    """
)
"""The title of a consent dialog. Matched against all of the words."""

CONSENT_VOICE = _wordings(r"\b(we|our|us|this (web)?site|these cookies|wir|nous|notre)\b")
CONSENT_CUE = _wordings(
    r"""
    \bcookies?\b|\bconsent\b|\bprivacy\b|\bpartners\b|\bvendors?\b|\bopt[ -]?out\b|\bdata\b
    \bpersonali[sz]ed\b|\bdevice\b|\bads\b|\bdatenschutz\b|\bdonnées\b|\bdatos\b
    """
)
CONSENT_ADDRESS = _wordings(r"\b(you|your|sie|ihre|vous|votre|su|sus)\b")
"""What a paragraph of a consent dialog mentions, who speaks in it and to whom. Search."""


BUTTON = _wordings(
    r"""
    (log|sign)[ -]?(in|out|up)( now| here)?|logout|member login|register( now)?|join (us|now|free)
    subscribe( now| today)?|my (account|profile)|view profile|account|remember me|reset password
    forgot(ten)?( your| my)?( password| username| details)*\??
    (\w+ )?your (e-?mail|password)( address| here)?|e-?mail
    (open |close |main |toggle |mega |skip |show )*(menu|navigation|nav|search|comments?)
    toggle [\w ]{1,30}|skip to [\w ]{1,30}|skip (ad|navigation|this)|jump to [\w ]{1,20}
    close×?( (menu|ad|this|try again))*|dismiss|cancel|submit|apply|reset|go|ok|got it
    (i )?(accept|agree|decline|reject)( all| cookies| all cookies)?|manage (cookies|consent)
    cookie (settings|preferences|policy)|privacy (settings|policy|notice)|do not sell [\w ]+
    always active|search( for| this site| the site)?|advanced search|search[\w ]{0,20} go
    home|homepage|site ?map|contact( us)?|help|about( us)?|advertise( with us)?|our properties
    print( this)?( page| article| version)?|e-?mail( this)?( page| article)?|save|bookmark
    share( (this|it))?( (story|article|post|page))?( (on|via|by|with|to) \w+( \w+)?)?
    tweet( this)?|retweet|pin it|like( this)?|copy( link| url)?|(link )?copied|link|permalink|embed
    (facebook|twitter|x|e-?mail|reddit|whatsapp|linkedin|pinterest|flipboard|link|print| )+
    instagram|youtube|telegram|tiktok|bluesky|rss|rss feed
    \d[\d.,k]* ?(comments?|shares?|likes?|views?|votes?|replies)|no comments( yet)?|comments? \d*
    (add|leave|post|write|load|view|read|show|hide|see)( a| all| the| more| \d+)*
        \ (comments?|repl(y|ies)|discussions?)
    reply|discuss|report|flag|edit|delete|quote|loading( comments)?\W*|please wait\W*
    (read|show|load|view|see|learn|find out|click for|discover)( (more|all|less|full))+
        ( (stories|news|articles?|story|reviews?|about|on|from|here|text|list))*( \w+)?
    related( (topics|stories|articles|content|posts|videos|news))?|trending( now| topics| stories)?
    recommended( videos| stories)?( for you)?|editor['s’]{0,2} picks?|most (popular|read)
    popular( now| stories| posts)?|more stories|you (may|might) also like|advertising
    more|view desktop website|switch site|back to top|top|scroll (down|to [\w ]+)|enlarge
    (click|tap) (here|to [\w ]{1,40})|expand( close)?( comments)?
    (next|previous|prev|older|newer)( (article|story|page|posts?|news story))?( \| next)?
    advertisements?|ads?|adchoices|sponsored( by| content)?|promoted|paid content|powered by( \w+)?
    (article|story) continues (below|after)[\w ]*|continue reading( below)?|keep reading
    (scroll to continue|continue) (with|after|below)[\w ]{0,30}
    (select|choose|change|switch)( to)?( (a|your|another))?
        \ (language|edition|country|site|region)\b[\w. ]{0,60}
    article summary|optional screen reader|text size|font size|(image|view) gallery
    live|pause|mute|unmute|play( video)?|watch( now| on youtube)|next up|now playing|autoplay
    follow( us| me| @?\w+)?( on)?|following|unfollow
    \[?(opens in (a )?new (tab|window))\]?|external link|\(opens in new tab\)
    teilen|drucken|kommentare?|anmelden|abonnieren|mehr( lesen| anzeigen)?|anzeige|werbung|suche
    partager|imprimer|commentaires?|s'abonner|se connecter|lire la suite|publicité|rechercher
    compartir|imprimir|comentarios?|suscríbete|iniciar sesión|leer más|publicidad|buscar
    condividi|stampa|commenti|abbonati|accedi|leggi (tutto|di più)|pubblicità|cerca
    compartilhar?|comentários?|assine|entrar|leia mais|publicidade|delen|reacties|lees meer
    поделиться|печать|комментарии|войти|подписаться|читать далее|реклама|поиск|меню|наверх
    сподели|коментари|вход|абонирай се|още|търсене
    رجوع|مشاركة|تعليقات|تسجيل الدخول|بحث|إعلان
    """
)
"""What stands on buttons and form fields. Matched against all of the words."""

NOTICE_START = _wordings(
    r"""
    ^.{0,60}\bwe( and our (\d+ )?(\w+ )?partners)? use cookies\b
    ^[\w .]{2,30} uses cookies\b.{0,200}\b(you|your|our|click)\b
    ^(by|before) (using|continuing|browsing|visiting|submitting|clicking|signing|subscribing
        |registering|creating|entering|providing)\b.{0,120}
        \byou (\w+ )?(agree|accept|consent|acknowledge|confirm)\b
    ^(your )?use of (and/or registration on any portion of )?this (web)?site\b
    ^subscribing to a newsletter\b|^you (also )?agree to (our|the)\b
    ^continue reading (this article )?(by|with|for)\b|^to (continue|keep) reading\b
    ^already (a|have an?) (subscriber|member|account|subscription)\b
    ^you('ve| have) (reached|read|used) (your|all|\d+|the)\b.{0,40}\b(free|limit)\b
    ^(this|the) (article|content|story) is (only )?(for|available to|reserved for) (\w+ )?
        (subscribers|members)\b
    ^(please |you must |you need to )?(be )?(log(ged)?|sign(ed)?|register(ed)?)[ -]?(in|up)?
        \ ((in order )?to|or|with) (\w+ ){0,3}(comment|reply|post|vote|read|continue|save|view
        |access|your opinion|facebook|google|twitter|log ?in|register|sign ?up|these networks)\b
    ^(please )?(log|sign)[ -]?in (to|with|or) [^.]{2,40}$|^not a (member|subscriber)\b
    ^(create (a|your|an) (free |new )?account|register (for|to|with)\b)[^.]{0,40}$
    ^(sign up|subscribe) (for|to|and|now|today|here|below|via|by)\b.{0,160}\b(newsletters?|inbox
        |updates?|alerts?|e-?mails?|daily|weekly|latest|best|breaking|unlimited|access|magazine)\b
    ^(sign up|subscribe) (for|to|and|now|today|here|below|via|by)\b[^.]{0,60}$|^sign me up\b
    ^get (the|our|all the|more|your|breaking|a) [\w' ,&-]{0,60}\b(inbox|newsletters?)\b
    ^(enter )?your e-?mail\b|^e-?mail \(required\)|^required fields are marked\b
    ^(the )?form has (been|errors)|^there was a problem\b|^you will receive\b.{0,40}\bemail\b
    ^thank you for (signing up|subscribing|registering)\b
    ^(yes, )?(contact me with|receive email from|i (would like|want) to receive)\b
    ^(sorry, |it (looks|seems|appears) (like |that )?)?
        (your browser (does not|doesn't|is not|isn't|is out)
        |(your (browser's )?)?javascript (is|appears to be) (currently )?(disabled|off))\b
    ^follow (us|me|him|her|them|the author|our|@\w+|[\w .]{2,40}) on
        \ (twitter|facebook|x\b|instagram|google|telegram|threads|bluesky|mastodon|linkedin)
    ^(like|find|join|watch|check out|connect with) (us|[\w .]{2,30}) on
        \ (twitter|facebook|instagram|youtube|google|telegram)
    ^posts from this (topic|author) will be added to your\b|^follow topics and authors from\b
    ^(contact|e-?mail|write to|reach) (the (author|writer|reporter)|this reporter)\b
    ^(have|got) (a|any) (news )?(tip|tips|question|questions)\b.{0,80}$
    ^if you (enjoy|enjoyed|liked?) (reading )?this (site|article|post|story)\b
    ^(submitted )?(discussions|comments) (for this (article|post) )?
        (can be approved|are (now )?(closed|moderated|disabled|subject|off))\b
    ^(post|posting|leave) (a|your) (comment|reply|as)\b
    ^(please )?(read|see|view) our (terms|privacy|full|cookie|comment)
    ^(no part of|contents? (of|may)|the material|this (material|article|content|story|site)
        |reproduction)\b.{0,100}\bwithout\b.{0,60}\b(permission|consent)\b
    ^[\w .+-]{2,40} is (a )?(part|property) of [\w .,+-]{2,60}
        \b(corporation|media|inc|llc|plc|network)\b
    ^(add|make|set) .{2,40} (as a|your) preferred source\b
    ^original url\b|^original (article|source|story): ?https?:
    ^melden sie sich\b
    ^you are commenting using your\b|^notify me of (new|follow)|^enter your comment\b
    ^fill in your details below\b|^comments on .{2,40} are (monitored|moderated)\b
    ^(please )?(enable javascript|update your browser)\b
    ^(inscrivez-vous|abonnez-vous|suscríbete|iscriviti (alla|a)|подпишитесь|абонирайте се)\b
    """
)
"""How cookie and paywall notices, newsletter boxes, forms and requests to follow begin. Match."""

NOTICE = _wordings(
    r"""
    \b(this|the|our) (web)?site uses cookies\b.{0,600}\b(you|your|our|click)\b
    \b(delivered|sent|straight) (directly |straight )?to your inbox\b
    \bunsubscribe at any ?time\b
    \bthis site is protected by recaptcha\b
    \bwe may (earn|receive|get) (a|an|some)\b.{0,30}\b(commission|revenue|payment)\b
    \bas an amazon associate\b|\bis supported by (its|our) (audience|readers)\. (when|we|if)\b
    \bmay not be reproduced, distributed\b|\bvisit our corporate site\b
    \bthis site is operated by a business\b
    \bwir (verwenden|nutzen|benutzen) cookies\b|\b(web)?seite (verwendet|nutzt) cookies\b
    \bnous utilisons des cookies\b|\bce site utilise des cookies\b
    \b(utilizamos|usamos) cookies\b|\beste sitio (web )?(utiliza|usa) cookies\b
    \butilizziamo i? ?cookie\b|\bquesto sito (utilizza|usa) i? ?cookie\b
    \beste site (utiliza|usa) cookies\b|\b(wij|we) gebruiken cookies\b
    \bмы используем (файлы )?cookies?\b|\bсайт использует (файлы )?cookies?\b
    \bизползваме (\S+ )?бисквитки\b|\bсайтът използва (\S+ )?бисквитки\b
    """
)
NOTICE_CUES = (
    "cookie",
    "бисквитки",
    "inbox",
    "unsubscribe",
    "recaptcha",
    "we may",
    "amazon associate",
    "is supported by",
    "may not be reproduced",
    "corporate site",
    "site is operated",
)
"""What stands in them, wherever: the words, casefolded, without which there is nothing to find, and
the patterns, to search for, which takes a hundred times as long."""

COPYRIGHT = _wordings(
    r"""
    ^(©|\(c\) ?\d{4}\b|copyright ?(©|\(c\)|@)|copyright( by)? \d{4}\b)
    \ball rights reserved\b|\balle rechte vorbehalten\b|\btous droits réservés\b
    \btodos los derechos reservados\b|\btodos os direitos reservados\b
    \balle rechten voorbehouden\b
    \btutti i diritti riservati\b|\bвсе права защищены\b|\bвсички права запазени\b
    جميع الحقوق محفوظة|版权所有|版權所有|無断転載
    """
)
"""Copyright lines. Search."""

CREDIT = _wordings(
    r"""
    ^© ?\D{2,80}$
    ^(photo(graph|graphy)?|image|picture|illustration|screenshot|graphic|video|art|artwork)s?
        ( credits?| source| courtesy| via)?( by|:| ?/) ?.{2,80}(?<![.!?])$
    ^(photo|image|picture)s? courtesy of .{2,80}(?<![.!?])$
    ^(credits?:|courtesy( of|:)|via) .{2,60}(?<![.!?])$
    ^(crédits?( photo)?|foto|fotos|bild|quelle|фото|снимка|صورة) ?: ?.{2,80}(?<![.!?])$
    ^(getty images|ap photo|afp|reuters|shutterstock|istock|alamy)\b( ?[/,|] ?.{2,40})?$
    ^[\w .,'’&/-]{2,60}( via |/ ?|, )(getty images|ap photo|ap|afp|reuters|shutterstock|epa)$
    ^\((photo|image|picture|credit|ap photo|getty|reuters|afp|illustration)\b[^()]{0,80}\)$
    """
)
"""A photo credit that is a unit of its own. Match."""

TRAILING_CREDIT = _wordings(
    r"""
    \s\((photo|image|picture|credit|ap photo|getty|reuters|afp)\b[^()\n]{0,80}\)$
    (?<=[.!?…)"'”’])\s(photo(graph)? (by|courtesy of) [^.\n]{2,60}\.\s)?©[^©\n]{1,110}$
    """
)
"""A credit behind a caption. Search, in the article's own characters."""


SECTION = _wordings(
    r"""
    (related|similar|connected|recommended|suggested)( (stor(y|ies)|articles?|topics?|content|posts?
        |news|links?|coverage|videos?|reading|items|games?|jobs|searches|pages|products|tags))+
    related|recommended( (for|by)( \w+){1,3})?|recommendations
    you (might|may)( also)? (like|enjoy|have missed|be interested in)( \w+){0,3}
    more (stories|news|articles|posts|videos|events|coverage)( [\w&'.-]+){0,6}
    (most|top|popular|trending|hot)( (popular|read|viewed|shared|commented|watched|recent
        |discussed|recommended|stories|news|posts|articles|topics|searches|now|videos|headlines|on
        |in|reviews
        |this week|today|right now|today's|games|tags|categories|the web))+( \w+){0,3}
    trending|popular
    (latest|recent|newest|today's|featured|top|breaking)( \w+)? (news|stories|posts|articles
        |headlines|videos|comments|reviews|blogs|jobs|podcasts?|updates|features|tweets
        |press releases)( \w+){0,3}
    (don't|did you) miss( \w+){0,3}|in case you missed it|must[ -]reads?|must see|what's hot
    editor['s’]{0,2} ?(picks?|choice|recommendations)|staff picks|our picks
    (what to )?(read|watch|up|coming) next|next for you|keep reading|also read
    read (also|more|this next|next)|see also|also (available in|on|in|read|see)( \w+){0,3}
    tagged( with| in| under| as)?|filed under|found in|in this (article|story)|posted in
    share( this)?( (story|article|post|page|on|via|with))*( \w+)?
    follow us( \w+){0,3}|connect with us
    stay (connected|informed|in touch|up to date)|find us on|get in touch
    comments? \(?\d+\)?|\d+ (comments?|responses?|replies)|leave a (reply|comment)
    (join|start) the (conversation|discussion)|add (a|your) comment
    (\w+ )?newsletters?( signup| sign up| sign-up)?|alerts and newsletters
    sign up( \w+){0,4}|subscribe( \w+){0,4}|why subscribe
    about us|contact us|site ?map|quick links
    (original|source) (url|article|link)|permalink|trackbacks?|pingbacks?
    sponsored( \w+){0,3}|promoted( \w+){0,3}|(paid|partner|paid partner) content|advertisement
    from (our|the) (sponsors?|partners?|web|shop)|around the web|ads by \w+|also on [\w ]+
    discover more|elsewhere on (the web|\w+)|in other news|blogroll|(in )?other languages
    (\w+ )?buying guides( latest game reviews)?|latest game reviews
    das könnte sie auch interessieren|lesen sie auch|mehr zum thema|verwandte (artikel|themen)
    weitere artikel|meistgelesen|schlagworte|themen|kommentare|neueste (artikel|nachrichten)
    à lire aussi|lire aussi|sur le même sujet|articles (liés|similaires|connexes)|les plus lus
    mots[ -]clés|commentaires|voir aussi|derniers articles|dans la même rubrique
    te puede interesar|lea también|noticias relacionadas|artículos relacionados|más leíd[oa]s
    lo más (leído|visto)|etiquetas|comentarios|temas|últimas noticias|relacionad[oa]s
    leggi anche|articoli correlati|i più letti|commenti|ultime notizie|potrebbe interessarti
    leia (também|mais)|veja também|mais lidas|notícias relacionadas|comentários|tópicos
    lees ook|gerelateerd(e artikelen)?|meest gelezen|reacties|onderwerpen
    читайте также|по теме|похожие (статьи|новости|материалы)|материалы по теме|популярное
    самое читаемое|теги|метки|комментарии|новости партн[её]ров|рекомендуем|смотрите также
    вижте още|още по темата|свързани (статии|новини)|най-четени|коментари|етикети|тагове
    اقرأ أيضا|اقرأ أيضاً|مواضيع ذات صلة|الأكثر قراءة|كلمات مفتاحية|تعليقات|شاهد أيضا
    関連記事|相关文章|相關文章|相关阅读|推荐阅读|標籤|标签|热门文章|おすすめ記事
    """
)
"""Titles over lists of other things. Matched against all of the words."""

COMMON_TITLE = _wordings(
    r"""
    topics?|tags?|categories|category|keywords?|labels|regions?( (and|&) countries)?|social media
    comments?|discussion|connect|contact|company|legal|navigation|resources|(useful )?links
    external links|further reading|press releases|jobs|guides|archives?|meta|languages?|editions?
    more (from|in|on|about|by|like)( [\w&'.-]+){1,6}|latest( in| on| from)?( \w+){0,3}
    the latest|news|features|reviews|videos|podcasts?|events|products|services
    """
)
"""Titles that stand over such lists, but in articles over text as well. Matched against all."""

LABEL = _wordings(
    r"""
    ^(found in|tags?|tagged( with| in| under)?|filed (under|in|to)|posted in|keywords?|labels?)\s?:
    ^(topics?|categor(y|ies)|permalink|share( this)?|trending|popular|sponsored)\s?:
    ^(related( \w+)?|read (more|also|next)|see also|also (read|see)|more|watch)\s?:
    ^(more (on|from)( \w+){0,3}|don't miss|must read|check out)\s?:
    ^(lesen sie auch|mehr zum thema|schlagworte|lire aussi|à lire aussi|mots[ -]clés)\s?:
    ^(lea también|lee también|etiquetas|leggi anche|leia também|leia mais|lees ook)\s?:
    ^(читайте также|теги|по теме|вижте още|етикети|тагове|اقرأ أيضا|اقرأ أيضاً)\s?:
    """
)
"""A label before tags or another story's headline, on the same line. Match."""

MENU_WORDS = frozenset(
    "home homepage archive archives search sponsors about us contact login logout register "
    "subscribe help faq forum forums shop store blog blogs video videos photos gallery privacy "
    "policy terms sitemap advertise careers jobs rss newsletter newsletters news sport sports "
    "politics business opinion culture tech technology science health world travel lifestyle "
    "entertainment reviews features podcasts events my account sign in up log out menu more the "
    "& and / | > » · - –".split()
)
"""What a menu without links is made of."""
