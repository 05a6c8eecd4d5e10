# الصفحة الرئيسية.
home-title = التطبيقات وحسابك
home-overview = نظرة عامة
home-authorizations = ما ربطته: ما يستطيع كل تطبيق فعله، ومتى فعله آخر مرة، وكيف تنهي وصوله.
home-tokens = رموز وصول شخصية لبرامجك النصية ولسطر الأوامر.
home-apps = ما تبنيه للآخرين: المعرّفات والأسرار وعناوين إعادة التوجيه والطلبات المرفوضة.
home-account = اسمك وكلمة مرورك والأماكن التي سجّلت الدخول منها.
home-count-apps = { PLURAL($n) ->
    [zero] لا تطبيقات
    [one] تطبيق واحد
    [two] تطبيقان
    [few] { $n } تطبيقات
    [many] { $n } تطبيقًا
   *[other] { $n } تطبيق
}
home-count-tokens = { PLURAL($n) ->
    [zero] لا رموز
    [one] رمز واحد
    [two] رمزان
    [few] { $n } رموز
    [many] { $n } رمزًا
   *[other] { $n } رمز
}
home-count-sessions = { PLURAL($n) ->
    [zero] لا جلسات
    [one] جلسة واحدة
    [two] جلستان
    [few] { $n } جلسات
    [many] { $n } جلسة
   *[other] { $n } جلسة
}
home-heading = حسابك والتطبيقات التي تعمل باسمه
home-lead = اربط تطبيقًا بـ { $brand } دون أن تعطيه كلمة مرورك. اطّلع على ما يستطيع كل تطبيق فعله. وأنهِ ذلك متى شئت.
home-sign-up = إنشاء حساب
home-step-connect = <b>اربط.</b> يرسلك تطبيق إلى هنا، فترى من يطلب وماذا يطلب.
home-step-decide = <b>قرّر.</b> اسمح أو ارفض. لا يرى التطبيق كلمة مرورك أبدًا.
home-step-end = <b>أنهِ.</b> نقرة واحدة، فتتوقف جميع رموز التطبيق عن العمل.
home-build = هل تبني تطبيقًا؟
home-build-how = سجّله، وأرسل مستخدميك إلى عنوان التصريح، وبادل رمز التصريح برمز وصول، ثم استدعِ واجهة البرمجة. إنه OAuth 2.0، فأي مكتبة تفي بالغرض. ولبرنامج نصي خاص بك يكفي رمز وصول شخصي.
home-build-docs = اقرأ مرجع واجهة البرمجة

# التطبيقات المصرّح لها.
authorizations-title = التطبيقات المصرّح لها
authorizations-lead = تعمل هذه التطبيقات باسمك. أنهِ وصول أحدها، فتتوقف جميع رموزه عن العمل فورًا.
authorizations-none = لا يعمل أي تطبيق باسمك
authorizations-none-why = عندما تربط تطبيقًا بزرّه «الربط بحساب { $brand }» يظهر هنا مع ما يستطيع فعله ومتى فعله آخر مرة.
authorizations-used = مرتبط منذ { $since } · آخر استخدام { $used }
authorizations-unused = مرتبط منذ { $since } · لم يُستخدم بعد
authorizations-suspended = هذا التطبيق موقوف: لا يستطيع فعل شيء باسمك حتى ينتهي الإيقاف. يمكنك إنهاء وصوله نهائيًا الآن.
authorizations-edited = غيّر مطوّره اسمه أو أيقونته أو عنوانه { $when }؛ وسيسألك من جديد.
authorizations-opens-at = يُفتح في { $host }.
authorizations-implicit = يتلقى رموزه عبر عنوان المتصفح، وهي طريقة قديمة وأقل خصوصية.
authorizations-open = فتح<unseen> { $app }</unseen>
authorizations-end = إنهاء الوصول<unseen> لـ { $app }</unseen>
authorizations-ended = انتهى وصول التطبيق، وتوقفت رموزه عن العمل.

# الموافقة.
consent-title-login = تسجيل الدخول إلى { $app }؟
consent-title-connect = ربط { $app }؟
consent-login = تسجيل الدخول إلى { $app } باستخدام { $brand }؟
consent-more = السماح لـ { $app } بالمزيد؟
consent-connect = ربط { $app } بحسابك في { $brand }؟
consent-since = مرتبط منذ { $since }. يطلب هذه المرة أكثر مما سمحت به.
consent-not-you = لست أنت؟
consent-learns = سيعرف { $app } من أنت
consent-nothing-else = لا شيء غير ذلك: لا يستطيع رؤية ما لديك في { $brand } ولا تغييره.
consent-may = سيتمكن { $app } من
consent-receives = يتلقى
consent-knows = سيعرف من أنت، عن طريق
consent-goes-to = ستنتقل إلى
consent-to-program = البرنامج الذي يفتح روابط { $scheme } على هذا الجهاز
consent-to-loopback = برنامج على هذا الجهاز ({ $host })
consent-then = بعد ذلك
consent-shown = سيظهر لك رمز تكتبه بنفسك في { $app }
consent-policies = وثائق التطبيق نفسه: { $links }. تُفتح في تبويب جديد وليست من { $brand }.
consent-sent-here = <b>هل أرسلك أحد إلى هنا؟</b> إذن ارفض. من يحصل منك على الرمز يدخل حسابك، ولن يطلبه منك أحد من { $brand } أبدًا.
consent-unchecked-connect = لم يتحقق { $brand } ممن يقف وراء هذا التطبيق. لا تسمح إلا إذا بدأت ذلك بنفسك وكنت تثق بـ { $owner }.
consent-unchecked-login = لم يتحقق { $brand } ممن يقف وراء هذا التطبيق. لا تسجّل الدخول إلا إذا بدأت ذلك بنفسك وكنت تثق بـ { $owner }.
consent-registered-connect = لم يتحقق { $brand } ممن يقف وراء هذا التطبيق: لقد سجّل نفسه بنفسه باسم اختاره. لا تسمح إلا إذا بدأت ذلك بنفسك وتعرف إلى أين ستنتقل.
consent-registered-login = لم يتحقق { $brand } ممن يقف وراء هذا التطبيق: لقد سجّل نفسه بنفسه باسم اختاره. لا تسجّل الدخول إلا إذا بدأت ذلك بنفسك وتعرف إلى أين ستنتقل.
consent-deny = رفض
consent-allow = سماح
consent-cancel = إلغاء
consent-sign-in = تسجيل الدخول
consent-end-any-day = يمكنك إنهاء ذلك في أي وقت من <authorizations>التطبيقات المصرّح لها</authorizations>.

# ما يعرفه التطبيق عن مستخدمه.
learns-id = رقم حسابك
learns-pairwise = رقمك لدى هذا التطبيق، ولا تستطيع تطبيقات أخرى مقارنته
learns-name = اسمك
learns-given_name = اسمك الأول
learns-middle_name = اسمك الأوسط
learns-family_name = اسم عائلتك
learns-nickname = لقبك
learns-preferred_username = اسم المستخدم المفضَّل لديك
learns-email = عنوان بريدك الإلكتروني
learns-email_verified = هل عنوان بريدك الإلكتروني مؤكَّد
learns-phone_number = رقم هاتفك
learns-phone_number_verified = هل رقم هاتفك مؤكَّد
learns-address = عنوانك البريدي
learns-birthdate = تاريخ ميلادك
learns-gender = جنسك
learns-profile = صفحتك الشخصية
learns-website = موقعك على الويب
learns-locale = لغتك
learns-zoneinfo = منطقتك الزمنية
learns-updated_at = وقت آخر تغيير في ملفك الشخصي
learns-picture = صورتك
learns-whole-profile = ملفك الشخصي مع صورتك

authorize-dead-end = لا يمكن ربط التطبيق الذي أرسلك إلى هنا على هذا النحو. عُد إليه، وأعطِ مطوّريه هذا النص:

# رمز يُنسخ باليد.
oob-title = رمزك
oob-copy = انسخ هذا الرمز إلى { $app }
oob-once = { PLURAL($minutes) ->
    [one] يعمل مرة واحدة خلال دقيقة.
    [two] يعمل مرة واحدة خلال دقيقتين.
    [few] يعمل مرة واحدة خلال { $minutes } دقائق.
   *[other] يعمل مرة واحدة خلال { $minutes } دقيقة.
}
oob-the-code = الرمز
oob-no-one-may-ask = <b>لا يحق لأحد أن يطلب منك هذا الرمز.</b> اكتبه فقط في البرنامج الذي شغّلته بنفسك. من يملكه يدخل حسابك.
oob-denied = لم يتم الربط
oob-denied-why = رفضت وصول { $app } إلى حسابك، فلم يُشارَك شيء. يمكنك إغلاق هذه الصفحة.
oob-failed = تعذّر الربط
oob-failed-why = أرسل { $app } طلبًا لا يمكن تنفيذه، وليس له عنوان يُبلَّغ عليه بذلك. سيهمّ مطوّره أن يعرف:
oob-error = الخطأ
oob-cause = السبب
oob-changed-your-mind = غيّرت رأيك؟ أنهِ ذلك من <authorizations>التطبيقات المصرّح لها</authorizations>.

# تسجيل الخروج.
logout-title = تسجيل الخروج
logout-wrong = طلب تسجيل الخروج هذا غير صحيح
logout-nothing-done = لم يحدث شيء. على التطبيق الذي أرسلك إلى هنا أن يصحّح ذلك.
logout-nothing-done-yet = لم يحدث شيء. على التطبيق الذي أرسلك إلى هنا أن يصحّح ذلك؛ ويمكنك تسجيل الخروج بنفسك.
logout-heading = تسجيل الخروج من { $brand }؟
logout-asked = { $app } يطلب منك ذلك.
logout-told = أنت مسجّل الدخول إلى هذه التطبيقات عبر هذا المتصفح. سنبلّغها، ومعظمها يسجّل خروجك أيضًا:
logout-untold = أنت مسجّل الدخول إلى هذه التطبيقات عبر هذا المتصفح ولا يمكن إبلاغها؛ سجّل الخروج منها بنفسك:
logout-connected = التطبيقات التي ربطتها تحتفظ بوصولها؛ ويمكنك إنهاؤه من <authorizations>التطبيقات المصرّح لها</authorizations>.
signed-out-title = تم تسجيل الخروج
signed-out-heading = لقد سجّلت الخروج
signed-out-lead = من { $brand } في هذا المتصفح. تبقى التطبيقات التي ربطتها مرتبطة حتى تنهيها.
signed-out-told = يتم إبلاغ هذه التطبيقات، ومعظمها يسجّل خروجك أيضًا:
signed-out-untold = لا يمكن إبلاغ هذه التطبيقات؛ وربما لا تزال مسجّل الدخول إليها:
signed-out-onward = المتابعة إلى { $app }
signed-out-again = تسجيل الدخول من جديد
signed-out-frame = يبلّغ تطبيقًا بأنك سجّلت الخروج

# تسجيل الدخول.
login-policies = من { $app } نفسه: { $links }، في تبويب جديد
