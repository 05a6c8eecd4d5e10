# ما تشترك فيه جميع الصفحات.

skip-to-content = انتقل إلى المحتوى
menu-label = القائمة الرئيسية
menu-authorizations = التطبيقات المصرّح لها
menu-tokens = الرموز
menu-apps = المطوّر
menu-account = الحساب
menu-admin = الإدارة
menu-sign-in = تسجيل الدخول
menu-sign-out = تسجيل الخروج
foot-docs = مرجع واجهة البرمجة
your-account = حسابك:
cancel = إلغاء
to-start-page = إلى الصفحة الرئيسية
done-already = سبق أن تم ذلك، ربما في علامة تبويب أخرى، ولم يتغير شيء آخر.

time-date = { $day } { $month } { $year }
time-exact = { $day } { $month } { $year }، { $clock } بالتوقيت العالمي
month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = مايو
month-6 = يونيو
month-7 = يوليو
month-8 = أغسطس
month-9 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر
time-soon = بعد لحظات
time-now = الآن
time-in-minutes = { PLURAL($n) ->
    [one] بعد دقيقة
    [two] بعد دقيقتين
    [few] بعد { $n } دقائق
   *[other] بعد { $n } دقيقة
}
time-in-hours = { PLURAL($n) ->
    [one] بعد ساعة
    [two] بعد ساعتين
    [few] بعد { $n } ساعات
   *[other] بعد { $n } ساعة
}
time-in-days = { PLURAL($n) ->
    [one] بعد يوم
    [two] بعد يومين
    [few] بعد { $n } أيام
   *[other] بعد { $n } يومًا
}
time-minutes-ago = { PLURAL($n) ->
    [one] قبل دقيقة
    [two] قبل دقيقتين
    [few] قبل { $n } دقائق
   *[other] قبل { $n } دقيقة
}
time-hours-ago = { PLURAL($n) ->
    [one] قبل ساعة
    [two] قبل ساعتين
    [few] قبل { $n } ساعات
   *[other] قبل { $n } ساعة
}
time-days-ago = { PLURAL($n) ->
    [one] قبل يوم
    [two] قبل يومين
    [few] قبل { $n } أيام
   *[other] قبل { $n } يومًا
}

device-both = { $browser } على { $system }
device-system = متصفح على { $system }
device-unknown = جهاز غير معروف

list-two = { $first } و{ $last }
list-more = { $first } و{ $rest }

app-by = من { $owner }
app-registered-itself = سجّل نفسه بنفسه في { $date }
tag-verified = موثَّق
tag-unverified = غير موثَّق
tag-suspended = موقوف
tag-resource-server = خادم موارد
policy-and-terms = <policy>سياسة الخصوصية</policy> ({ $policy-host }) و<terms>شروط الاستخدام</terms> ({ $terms-host })
policy-only = <policy>سياسة الخصوصية</policy> ({ $policy-host })
terms-only = <terms>شروط الاستخدام</terms> ({ $terms-host })

error-not-found = هذه الصفحة غير موجودة
error-forbidden = هذا غير ممكن
error-too-many = محاولات كثيرة جدًا
error-unavailable = غير متاح الآن
error-server = حدث خطأ ما
error-request = لا يمكن الرد على هذا الطلب
error-number = إذا طلبت المساعدة فاذكر هذا الرقم: { $id }
failure-throttled = محاولات كثيرة جدًا؛ أعد المحاولة { $when }.
failure-storage = لا تستطيع الخدمة قراءة بياناتها أو كتابتها الآن؛ أعد المحاولة بعد لحظة.
failure-busy = الخدمة مشغولة؛ أعد المحاولة بعد لحظة.
failure-defect = حدث خطأ من جانبنا، وقد سُجِّل.
failure-not-found = لا يوجد شيء هنا، أو أنه ليس لك.
failure-method = هذا العنوان مخصص لنوع آخر من الطلبات.
failure-changed = غيّر شخص آخر هذا في هذه الأثناء، لذلك لم يُحفظ شيء. أعد تحميله وكرّر تغييرك.
failure-session-ended = سُجِّل خروجك قبل تنفيذ هذا، لذلك لم يتغير شيء. سجّل الدخول وأعد المحاولة.
failure-form-expired = هذا النموذج قديم جدًا أو فُتح في جلسة أخرى؛ ارجع وأعد تحميل الصفحة وأرسله من جديد.
failure-form-used = سبق إرسال هذا النموذج، لذلك لم يُنشأ شيء مرة ثانية. لا يُعرض السر إلا مرة واحدة، فإن لم يكن لديك فأنشئ سرًا جديدًا.
failure-no-cookies = لم يرسل متصفحك أي ملف تعريف ارتباط مع هذا النموذج، ولا يمكن لأحد تسجيل الدخول هنا من دون هذه الملفات. اسمح بملفات تعريف الارتباط لهذا الموقع، ثم أعد تحميل الصفحة وأرسل النموذج من جديد.
failure-cross-site = أُرسل هذا النموذج من موقع آخر.

scope-default = فعل كل ما تستطيع أنت فعله في { $brand } عبر واجهة البرمجة
scope-openid = معرفة أنك أنت من يسجّل الدخول
scope-email = رؤية عنوان بريدك الإلكتروني
scope-profile = رؤية اسمك وصورتك وملفك الشخصي
scope-address = رؤية عنوانك البريدي
scope-phone = رؤية رقم هاتفك
scope-offline = الاحتفاظ بوصوله بعد خروجك من هنا
scope-scim = إنشاء حسابات الآخرين وتغييرها وحذفها (SCIM)
scope-admin = إدارة { $brand } بقدر ما يسمح به دورك: المستخدمون والتطبيقات والرموز والمفاتيح
scope-admin-read = رؤية ما يراه مديرو { $brand } من جميع المستخدمين والتطبيقات

# Where an address is.
place-city = { $city }، { $country }
# ما الخطأ في ما كُتب.
wrong-text-empty = هذا الحقل فارغ.
wrong-text-long = هذا أطول من الحد الأقصى لعدد الأحرف، وهو { $max }.
wrong-text-character = يحتوي هذا على محرف غير مرئي أو غير معرَّف: { $code }. احذفه.
wrong-text-marks = هنا علامات تشكيل متتالية أكثر مما ينبغي.
wrong-text-letter = يلزم حرف واحد أو رقم واحد على الأقل.
wrong-name-platform = يشبه هذا الاسم اسم المنصة نفسها؛ اختر اسمًا يدل عليك.
wrong-email-empty = عنوان البريد الإلكتروني فارغ.
wrong-email-long = عنوان البريد الإلكتروني أطول من { $max } بايت.
wrong-email-at = يحتوي عنوان البريد الإلكتروني على علامة @ واحدة بالضبط.
wrong-email-local = قبل علامة @ يمكن أن تأتي حروف وأرقام ونقاط مفردة وعلامات شائعة، والحد الأقصى { $max }.
wrong-email-domain = ما بعد علامة @ ليس نطاقًا مثل example.com.
wrong-url-empty = اكتب عنوان الموقع، مثل https://app.example.
wrong-url-long = للعنوان { $max } بايت على الأكثر.
wrong-url-character = يحتوي العنوان على مسافة أو شرطة مائلة عكسية أو محرف تحكم.
wrong-url-scheme = يبدأ العنوان بـ ⁦https://⁩ أو ⁦http://⁩.
wrong-url-user = احذف اسم المستخدم أو كلمة المرور قبل علامة @.
wrong-url-invalid = العنوان ليس رابطًا صالحًا.
wrong-password-empty = اكتب كلمة مرور.
wrong-password-short = { PLURAL($min) ->
    [few] استخدم { $min } أحرف على الأقل.
    [many] استخدم { $min } حرفًا على الأقل.
   *[other] استخدم { $min } حرف على الأقل.
}
wrong-password-long = الحد الأقصى لعدد الأحرف هو { $max }.
wrong-password-keyboard = يسهل تخمين كلمة المرور هذه: فهي تتبع لوحة المفاتيح. استخدم بضع كلمات لا صلة بينها.
wrong-password-repeats = يسهل تخمين كلمة المرور هذه: فهي تكرر نفسها. استخدم بضع كلمات لا صلة بينها.
wrong-password-common = كلمة المرور هذه من أكثر الكلمات شيوعًا، وهي أول ما يُجرَّب. استخدم بضع كلمات لا صلة بينها.
wrong-password-similar = تشبه كلمة المرور هذه كلمة شائعة أكثر مما ينبغي. استخدم بضع كلمات لا صلة بينها.
wrong-password-sequence = يسهل تخمين كلمة المرور هذه: ففيها تسلسل مثل abc أو 321. استخدم بضع كلمات لا صلة بينها.
wrong-password-date = يسهل تخمين كلمة المرور هذه: فهي لا تكاد تزيد على تاريخ. استخدم بضع كلمات لا صلة بينها.
wrong-password-word = يسهل تخمين كلمة المرور هذه: فهي كلمة واحدة. أضف كلمتين أو ثلاثًا.
wrong-password-names = يسهل تخمين كلمة المرور هذه: فهي مكوّنة من أسماء. استخدم بضع كلمات لا صلة بينها.
wrong-password-guessable = يسهل تخمين كلمة المرور هذه. أطِلها: تكفي كلمتان أو ثلاث كلمات أخرى.
wrong-password-about = يسهل تخمين كلمة المرور هذه: ففيها اسمك أو عنوانك أو اسم هذه الخدمة. استخدم بضع كلمات لا صلة بينها.
wrong-password-breached = كلمة المرور هذه موجودة في قوائم سُرقت من أماكن أخرى، وهي أول ما يُجرَّب. استخدم كلمة أخرى.
wrong-picture-empty = اختر ملفًا.
wrong-picture-large = حجم الملف أكبر من 1 ميغابايت. اختر ملفًا أصغر.
wrong-picture-format = لا يمكن استخدام غير صور PNG وJPEG وWebP.
wrong-picture-small = الصورة أصغر من { $side } × { $side } بكسل. اختر صورة أكبر.
wrong-picture-big = في الصورة أكثر من مليون بكسل. الحد الأقصى هو 1024 × 1024.
wrong-picture-damaged = الصورة تالفة أو غير مكتملة. احفظها من جديد واختر الملف الجديد.
wrong-picture-busy = تُعالَج صور كثيرة جدًا الآن. أعد المحاولة بعد دقيقة.

# أجزاء من عدة صفحات.
copy = نسخ
copy-what = نسخ { $what }
copy-done = تم النسخ
copy-by-hand = حدّده وانسخه يدويًا
passkey-trouble = لم يُستخدم أي مفتاح مرور. أعد المحاولة أو اختر طريقة أخرى.
passkey-no-script = يحتاج مفتاح المرور إلى JavaScript، وهو معطّل هنا.
code-scan = امسح هذه الصورة ضوئيًا بتطبيق المصادقة.
code-picture = المفتاح السري في صورة (رمز QR)؛ وهو مكتوب أدناه أيضًا
code-same-device = على هذا الجهاز؟ <open>افتحه في التطبيق</open>. أو اكتب المفتاح السري:
code-type = اكتب الأرقام الستة التي يعرضها التطبيق.
code-label = الرمز
# Below pages and mails: the platform's own words about itself.
foot-privacy = سياسة الخصوصية
foot-terms = شروط الاستخدام
foot-legal-notice = الإشعار القانوني
foot-support = المساعدة
