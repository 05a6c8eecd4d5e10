# قائمة التطبيقات.
apps-title = تطبيقاتك
apps-lead = ما تبنيه لحسابات الآخرين في { $brand }. يشرح <docs>مرجع واجهة البرمجة</docs> كيف.
apps-new = تطبيق جديد
apps-none = سجّل تطبيقك الأول
apps-none-why = يحصل على معرّف عميل. ضع زر «الربط بحساب { $brand }» في صفحتك، فيقرّر مستخدموه هنا ما يستطيع تطبيقك فعله. وكل ما تُدخله يمكن تغييره لاحقًا.
apps-script = مجرد برنامج نصي لك وحدك؟ يكفي <tokens>رمز وصول شخصي</tokens>.
apps-client-id = معرّف العميل
apps-suspended-for = أوقفه المشغّل: { $reason }
apps-registered = سُجّل في { $date }
apps-itself = سجّل نفسه بنفسه في { $date }
apps-connections = { PLURAL($n) ->
    [zero] لم يربطه أحد بعد
    [one] ارتباط واحد
    [two] ارتباطان
    [few] { $n } ارتباطات
    [many] { $n } ارتباطًا
   *[other] { $n } ارتباط
}
apps-done-deleted = حُذف التطبيق.
kind-confidential = تطبيق خادم
kind-native = جوال أو سطح مكتب أو سطر أوامر
kind-browser = تطبيق أحادي الصفحة
kind-confidential-why = يعمل على خادم لك يحفظ سر العميل.
kind-native-why = يُثبَّت على أجهزة الآخرين حيث لا يبقى شيء سريًا: فيثبت هويته عبر PKCE.
kind-browser-why = يعمل في المتصفح دون خادم خاص به: PKCE وبلا سر على الإطلاق.

# تطبيق واحد.
app-tabs = هذا التطبيق
app-tab-overview = نظرة عامة
app-tab-settings = الإعدادات
app-tab-openid = تسجيل الدخول
app-tab-requests = الطلبات المرفوضة
app-suspended = <b>موقوف</b> من قِبل مشغّل { $brand } { $when }: { $reason }
app-suspended-why = لا يستطيع أحد ربطه، ورموزه لا تعمل. عندما ينتهي الإيقاف تعمل رموز التحديث من جديد. اسأل المشغّل عمّا يجب تغييره.
app-fresh = سر العميل
app-fresh-once = انسخه الآن إلى حيث يقرأ تطبيقك أسراره. لا يُعرض إلا هذه المرة، ولا نحتفظ إلا ببصمته.
app-the-secret = سر العميل
app-fresh-never = لا تضعه أبدًا في الشيفرة المصدرية، ولا في صفحة، ولا في تطبيق توزّعه.
app-credentials = بيانات الاعتماد
app-client-id = معرّف العميل
app-the-client-id = معرّف العميل
app-redirect-urls = عناوين إعادة التوجيه
app-url = عنوان التطبيق
app-registered = التسجيل
app-itself = سجّل نفسه في { $date } عبر التسجيل الديناميكي. أنت مسؤول عنه؛ ويستطيع تغيير هذه الإعدادات وحذف نفسه.
app-status = الحالة
app-unverified-why = يُنبَّه المستخدمون إلى توخّي الحذر حتى يتحقق مشغّل { $brand } ممن يقف وراء هذا التطبيق.
app-resource-server-why = يستطيع الاستعلام عن كل رمز، بما في ذلك رموز التطبيقات الأخرى والرموز الشخصية. وهذا قرار مشغّل الخدمة.
app-in-use-by = يستخدمه
app-accounts = { PLURAL($n) ->
    [zero] لا أحد بعد
    [one] حساب واحد
    [two] حسابان
    [few] { $n } حسابات
    [many] { $n } حسابًا
   *[other] { $n } حساب
}
app-switches = الخيارات
app-switch-pkce = PKCE مطلوب
app-switch-state = طلبات بلا state
app-switch-implicit = التدفق الضمني
app-without-pkce = شوهد آخر مرة بلا PKCE { $when }. ترسله معظم المكتبات بخيار واحد؛ فمتى أرسلته مكتبتك اجعله إلزاميًا من <settings>الإعدادات</settings>.
app-secrets = أسرار العميل
app-secrets-public = للمكتبات القديمة التي تصرّ على سر. لا يُثبت شيئًا على أجهزة الآخرين؛ أما PKCE فيُثبت.
app-secrets-none = لا يوجد.
app-secret-made = أُنشئ في { $date }
app-secret-used = آخر استخدام { $when }
app-secret-unused = لم يُستخدم بعد
app-secret-stopped = توقف عن العمل { $when }
app-secret-stops = يتوقف عن العمل { $when }
app-secret-remove = إزالة<unseen> السر الذي ينتهي بـ { $end }</unseen>
app-overlap = صلاحية السر الحالي
app-overlap-none = تنتهي الآن
app-overlap-hour = ساعة واحدة
app-overlap-day = 24 ساعة
app-overlap-week = 7 أيام
app-secret-new = سر جديد
app-secret-limit = الحد الأقصى سران معًا: أزل أحدهما لتنشئ غيره.
app-two-secrets = يعمل سران بالفعل، وهو أقصى ما يجوز لتطبيق. أزل أحدهما أولًا.
app-send = ماذا ترسل وإلى أين
app-send-why = معبّأ بقيم هذا التطبيق. مكتبة OAuth 2.0 تفعل كل ذلك نيابةً عنك.
app-send-1 = 1. أرسل متصفح المستخدم إلى
app-authorize-url = عنوان التصريح
app-send-state = <code>STATE</code>: قيمة عشوائية جديدة في كل مرة، تُحفظ في جلسة المستخدم وتُقارن عند عودته.
app-send-challenge = <code>CHALLENGE</code>: قيمة SHA-256 لمحقِّق عشوائي بترميز base64url؛ احتفظ بالمحقِّق حتى الخطوة 2.
app-send-2 = 2. بادل رمز التصريح الذي يعود
app-exchange = مبادلة رمز التصريح
app-exchange-why = مرة واحدة وبسرعة: رمز التصريح صالح لدقيقة (وعشر دقائق إن كان يُنسخ باليد). يحمل الرد رمز وصول لساعة ورمز تحديث.
app-send-3 = 3. استدعِ واجهة البرمجة
app-call = استدعاء واجهة البرمجة
app-send-4 = 4. بعد ساعة، حدّث الرمز
app-refresh = التحديث
app-refresh-new = يأتي كل رد برمز تحديث جديد؛ احتفظ به بدل القديم.
app-refresh-same = يبقى رمز التحديث نفسه ما دام التصريح قائمًا.
app-button = زر لصفحتك
app-button-why = ضع مكان الرابط مسارًا خاصًا بك تنشئ فيه <code>STATE</code> ثم تعيد التوجيه.
app-button-why-pkce = ضع مكان الرابط مسارًا خاصًا بك تنشئ فيه <code>STATE</code> و<code>CHALLENGE</code> ثم تعيد التوجيه.
app-button-html = شيفرة HTML للزر
app-button-connect = الربط بحساب { $brand }
app-button-login = تسجيل الدخول باستخدام { $brand }
app-done-saved = حُفظ التطبيق.
app-done-removed = أُزيل السر، ويُرفض كل من لا يزال يرسله.
app-done-created = سُجّل التطبيق.

# نموذج التطبيق.
appform-title = إعدادات { $app }
appform-lead = كل هذا يمكن تغييره لاحقًا.
appform-wrong = لم يُحفظ شيء بعد. ما يحتاج إلى مراجعة مُعلَّم أدناه.
appform-who = ما يراه المستخدمون
appform-who-why = في الصفحة التي يسمحون فيها للتطبيق، وفي قائمة تطبيقاتهم المصرّح لها.
appform-name = الاسم
appform-url-hint = حيث يُستخدم التطبيق؛ وإن كان تطبيقًا مثبَّتًا فحيث يُشرح. http أو https.
appform-icon = الأيقونة
appform-optional = (اختياري)
appform-icon-hint = PNG أو JPEG أو WebP، مربعة، حتى 1 ميغابايت.
appform-icon-large = هذه الصورة أكبر من 1 ميغابايت.
appform-icon-remove = إزالة الأيقونة
appform-kind = أين يعمل
appform-kind-why = يحدد ذلك كيف يثبت التطبيق هويته.
appform-kind-missing = اختر نوع هذا التطبيق.
appform-return = إلى أين يعود المستخدمون
appform-return-why = يذهب الرد، ومعه رمز التصريح، إلى أحد هذه العناوين ولا يذهب إلى غيرها.
appform-return-hint = عنوان في كل سطر، يُقارن حرفًا بحرف. <code>https</code> للويب. يجوز للتطبيق المثبَّت استخدام <code>http://127.0.0.1/…</code> (أي منفذ)، أو مخطط خاص به مثل <code>com.example.app:/done</code>، أو كحل أخير <code>urn:ietf:wg:oauth:2.0:oob</code> الذي يعرض رمزًا يُنسخ باليد.
appform-return-missing = لا بد من عنوان إعادة توجيه واحد على الأقل: حيث يعود المستخدمون.
appform-return-many = { PLURAL($max) ->
    [one] للتطبيق عنوان إعادة توجيه واحد كحد أقصى.
    [two] للتطبيق عنوانا إعادة توجيه كحد أقصى.
    [few] للتطبيق { $max } عناوين إعادة توجيه كحد أقصى.
   *[other] للتطبيق { $max } عنوان إعادة توجيه كحد أقصى.
}
appform-return-wrong = «{ $line }»: { $problem }
appform-sector-list = القائمة في { $list } تضمن عناوين إعادة توجيه هذا التطبيق، وتُقرأ عندما يسجّل التطبيق نفسه: فلا يمكن هنا إلا الإزالة منها.
appform-sector-host = يعرف هذا التطبيق مستخدميه بأرقام خاصة به أُنشئت لـ { $host }: فيجب أن تكون جميع عناوين إعادة توجيهه هناك.
appform-safety = الأمان والبرامج القديمة
appform-safety-why = الخيار الأول يجعل التطبيق أكثر أمانًا. والخيارات الأخرى تجعله أقل أمانًا لكي تعمل البرامج القديمة.
appform-pkce = اشتراط PKCE
appform-pkce-why = يصبح رمز التصريح المسروق بلا قيمة دون المحقِّق الذي لا يعرفه إلا تطبيقك. تحتاج إليه التطبيقات المثبَّتة وأحادية الصفحة دائمًا؛ فعّله لتطبيق الخادم متى أرسلته مكتبته.
appform-state = قبول الطلبات بلا <code>state</code>
appform-state-risk = الخطر: يستطيع غريب أن يدسّ حسابه في جلسة مستخدمك، لأن التطبيق لا يميّز أي رد يخص أي طلب.
appform-implicit = السماح بالتدفق الضمني، <code>response_type=token</code>
appform-implicit-risk = الخطر: ينتقل الرمز في عنوان المتصفح، حيث يمكن لسجل المتصفح وإضافاته وللبرامج النصية في الصفحة قراءته.
appform-on = مفعّل
appform-save = حفظ
appform-register = تسجيل التطبيق
appform-again = تغيير الاسم أو الأيقونة أو النوع أو عنوان التطبيق أو عنوان إعادة التوجيه يجعل كل من ربط التطبيق يقرّر من جديد.
appform-again-verified = تغيير الاسم أو الأيقونة أو النوع أو عنوان التطبيق أو عنوان إعادة التوجيه يجعل كل من ربط التطبيق يقرّر من جديد، ويُنهي توثيقه.
appform-delete = حذف
appform-delete-why = يُنهي كل ارتباط فورًا ونهائيًا.
appform-delete-this = حذف هذا التطبيق…
carry-back = شكرًا. لم يُحفظ شيء بعد: راجعه مرة أخرى ثم احفظ.
carry-too-long = شكرًا. كان ما كتبته أطول من أن يُحفظ في هذه الأثناء؛ اكتبه من جديد.

# تسجيل الدخول إلى تطبيق.
openid-title = تسجيل الدخول إلى { $app }
openid-ready = «تسجيل الدخول باستخدام { $brand }»، جاهز للنسخ
openid-needs = تحتاج مكتبة OpenID Connect إلى العنوان الأول ومعرّف العميل، ولا شيء غير ذلك.
openid-needs-secret = تحتاج مكتبة OpenID Connect إلى العنوان الأول ومعرّف العميل وسر العميل، ولا شيء غير ذلك.
openid-discovery = الاكتشاف
openid-discovery-address = عنوان الاكتشاف
openid-button-why = ضع مكان الرابط مسارًا خاصًا بك تنشئ فيه <code>STATE</code> و<code>NONCE</code> ثم تعيد التوجيه.
openid-button-why-pkce = ضع مكان الرابط مسارًا خاصًا بك تنشئ فيه <code>STATE</code> و<code>NONCE</code> و<code>CHALLENGE</code> ثم تعيد التوجيه.
openid-who = من سجّل الدخول
openid-userinfo-call = استدعاء userinfo
openid-start = ابدأ من
openid-start-why = يعبّئ اختيارك النموذج أدناه؛ وتبقى المفاتيح والعناوين والأرقام كما هي. أما أين يعمل التطبيق فتجده في <settings>الإعدادات</settings>.
openid-fill-in = تعبئة<unseen> لـ { $preset }</unseen>
openid-filled-in = عُبّئ النموذج لـ «{ $preset }». لم يُحفظ شيء بعد: راجعه ثم احفظ.
openid-done-saved = حُفظت إعدادات OpenID Connect.
preset-server = تطبيق خادم
preset-server-why = رمز تصريح فقط، ورموز هوية موقّعة بـ RS256، والبيانات عبر userinfo، والإثبات بسر العميل.
preset-single-page = تطبيق أحادي الصفحة
preset-single-page-why = رمز تصريح مع PKCE وبلا سر؛ وتسأل الصفحة userinfo بنفسها.
preset-installed = جوال أو سطر أوامر
preset-installed-why = رمز تصريح مع PKCE؛ فالسر في تطبيق مثبَّت لا يُثبت شيئًا.
preset-legacy = نظام قديم
preset-legacy-why = لمكتبة تريد ردودًا غير رمز التصريح أو لا تسأل userinfo أبدًا: فتكون البيانات في رمز الهوية.
openid-id-token = رمز الهوية
openid-id-token-why = ما يتسلّمه التطبيق عندما يسجّل أحد الدخول: موقّع وصالح لساعة.
openid-answers = الردود
openid-answers-hint = بماذا يجوز الرد على التطبيق. خطر الخيار الثاني: ما يمر عبر المتصفح يمكن قراءته هناك.
openid-answers-code = رمز تصريح فقط: لا تمر الرموز عبر المتصفح أبدًا
openid-answers-any = كل رد تسمح به خيارات التطبيق
openid-signature = التوقيع
openid-signature-hint = الخيارات الأخرى أقصر أو أقوى؛ لا تختر أحدها إلا إذا كانت مكتبتك تعرفه، وإلا رفضت كل تسجيل دخول.
openid-signature-rs256 = RS256: تعرفه كل مكتبة
openid-claims = وضع البيانات في رمز الهوية
openid-claims-hint = الاسم والبريد الإلكتروني وسائر ما تطلبه النطاقات، للمكتبات التي لا تستدعي userinfo أبدًا. الخطر: تُحفظ رموز الهوية وتُمرَّر أكثر مما ينبغي، وتلك البيانات معها.
openid-subject = كيف يعرف المستخدمين
openid-subject-free = البيان <code>sub</code>. يثبت بمجرد أن يربط أحد التطبيق.
openid-subject-fixed = { PLURAL($n) ->
    [one] البيان <code>sub</code>. لم يعد تغييره ممكنًا: سيعود حساب واحد كأنه لمستخدم جديد.
    [two] البيان <code>sub</code>. لم يعد تغييره ممكنًا: سيعود حسابان كأنهما لمستخدمين جديدين.
    [few] البيان <code>sub</code>. لم يعد تغييره ممكنًا: ستعود { $n } حسابات كأنها لمستخدمين جدد.
    [many] البيان <code>sub</code>. لم يعد تغييره ممكنًا: سيعود { $n } حسابًا كأنها لمستخدمين جدد.
   *[other] البيان <code>sub</code>. لم يعد تغييره ممكنًا: سيعود { $n } حساب كأنها لمستخدمين جدد.
}
openid-public = رقم الحساب، وهو نفسه لكل التطبيقات
openid-public-hint = وبه تسمّي واجهة البرمجة المستخدم أيضًا. الخطر: يستطيع تطبيقان أن يقارنا من يعرفان.
openid-pairwise = رقم خاص بهذا التطبيق
openid-pairwise-hint = يُنشأ لمضيف عناوين إعادة التوجيه، الذي يجب أن يبقى بعدئذ. لا تستطيع تطبيقات أخرى المقارنة؛ لكن ردود واجهة البرمجة نفسها تظل تسمّي الحساب.
openid-proof-title = كيف يثبت هويته
openid-proof-why = لدى نقطة الرموز، وبالمفاتيح فيما يُشفَّر له.
openid-proof-none = لا يثبتها: فتطبيق من هذا النوع لا يستطيع حفظ سر. يربط PKCE كل رمز تصريح بالمكان الذي طلبه.
openid-proof = الإثبات
openid-proof-hint = لا يغادر المفتاح الخاص خادمك أبدًا، فلا يستطيع أحد نسخ ما يُرسل. ويُرفض منذئذ كل إثبات غير المختار.
openid-proof-either = سر العميل: في الترويسة أو المتن
openid-proof-basic = سر العميل: في الترويسة
openid-proof-post = سر العميل: في المتن
openid-proof-secret-jwt = إثبات يوقّعه سر العميل
openid-proof-key-jwt = إثبات يوقّعه مفتاحه الخاص
openid-keys = المفاتيح العامة
openid-keys-hint = مجموعة JWK. مفاتيح عامة فقط: تُرفض مجموعة فيها مفتاح خاص.
openid-keys-at = أو عنوانها
openid-keys-at-hint = https. يتيح لك تغيير المفاتيح دون الرجوع إلى هنا، إن كان يُسمح لهذا الخادم بجلبها؛ وما دام العنوان غير متاح فلا يستطيع أحد تسجيل الدخول.
openid-userinfo = Userinfo
openid-userinfo-why = حيث يسأل التطبيق برمز وصوله عمّن سجّل الدخول.
openid-answer = الرد
openid-answer-hint = إذا كان موقّعًا أمكن عرضه على الآخرين لاحقًا. تتوقع معظم المكتبات JSON عاديًا.
openid-answer-plain = JSON عادي: يحميه TLS
openid-answer-signed = موقّع بـ { $algorithm }
openid-login = تسجيل الدخول
openid-max-age = طلب كلمة المرور من جديد بعد
openid-max-age-hint = بالثواني منذ آخر مرة؛ 3600 تعني ساعة. اتركه فارغًا لتُطلب فقط حين ينص طلبٌ على ذلك. المدة القصيرة أكثر أمانًا وأكثر إزعاجًا.
openid-initiate = أين يمكن بدء تسجيل الدخول
openid-initiate-hint = https. نرسل المستخدمين إلى هناك ليسجّلوا الدخول إلى تطبيقك. على الصفحة أن تعيد توجيههم فورًا وألا تثق بشيء مما جاء معهم.
openid-logout = تسجيل الخروج
openid-logout-why = ما يحدث في التطبيق عندما يسجّل أحد خروجه هنا، وهنا عندما يسجّل خروجه هناك.
openid-return = إلى أين يعود المستخدمون بعد تسجيل الخروج
openid-return-hint = عنوان في كل سطر، يُقارن حرفًا بحرف. يرسل التطبيق المستخدمين إلى هنا لتسجيل الخروج، ونعيدهم إلى أحد هذه العناوين لا إلى غيرها.
openid-back = إبلاغ خادم التطبيق بتسجيل الخروج
openid-back-hint = https. نرسل إليه رمزًا موقّعًا؛ ويصل مهما فعل المتصفح.
openid-front = إبلاغ التطبيق في المتصفح
openid-front-hint = https. يُحمَّل في إطار عندما يسجّل أحد خروجه. تحجب متصفحات كثيرة عنه ملفات تعريف ارتباط التطبيق: فلا تعتمد عليه وحده.
openid-policies = السياسات
openid-policies-why = تظهر روابطها في الصفحة التي يسمح فيها المستخدمون للتطبيق. سياسة جديدة تجعل الجميع يقرّرون من جديد.
openid-policies-why-verified = تظهر روابطها في الصفحة التي يسمح فيها المستخدمون للتطبيق. سياسة جديدة تجعل الجميع يقرّرون من جديد، وتُنهي توثيق التطبيق.
openid-policy = سياسة الخصوصية
openid-policy-hint = ما يفعله التطبيق بما يعرفه عن المستخدمين.
openid-terms = شروط الاستخدام
openid-encryption = التشفير، لمن يحتاج إليه
openid-encryption-why = يُخفي TLS كل هذا بالفعل عن كل من بيننا. والتشفير بمفتاح للتطبيق يُخفيه عن واجهته الأمامية أيضًا. الخطر: إذا ضاع المفتاح فلا يستطيع أحد تسجيل الدخول.
openid-id-token-content = رمز الهوية: محتواه
openid-userinfo-content = Userinfo: محتواه
openid-not-encrypted = بلا تشفير
openid-as-registered = كما سُجّل
openid-as-registered-with = كما سُجّل ({ $value })

# الطلبات المرفوضة.
requests-title = الطلبات المرفوضة لـ { $app }
requests-none = لم يُرفض شيء
requests-none-why = عندما يُرفض طلب لهذا التطبيق يظهر هنا مع سببه: عنوان إعادة توجيه يختلف بشرطة مائلة، أو رمز تصريح استُخدم مرتين، أو سر خاطئ.
requests-lead = ما رُفض في آخر 30 يومًا، ولماذا. لا يرى هذا أحد سواك.
requests-times = { PLURAL($times) ->
    [one] مرة واحدة، آخرها { $last } وأولها { $first }
    [two] مرتان، آخرهما { $last } وأولاهما { $first }
    [few] { $times } مرات، آخرها { $last } وأولها { $first }
   *[other] { $times } مرة، آخرها { $last } وأولها { $first }
}
requests-authorize = التصريح
requests-logout = تسجيل الخروج
requests-token = مبادلة الرمز
requests-introspect = الاستعلام عن رمز
requests-register = أرسل عنوانًا مسجّلًا، أو سجّل هذا العنوان من <settings>الإعدادات</settings>.
requests-not-yours = يستطيع أي شخص إرسال طلب كهذا، ولم يُرسل شيء إلى هناك. إن لم يكن منك فلا شيء عليك فعله.
requests-received = المُستلَم
requests-registered = المسجّل
near-slash = قريب، لكنه يختلف بشرطة مائلة في آخر المسار.
near-port = قريب، لكنه يختلف في المنفذ.
near-scheme = قريب، لكن أحدهما يقول http والآخر https.
near-localhost = قريب، لكن أحدهما يقول localhost والآخر عنوانًا مثل 127.0.0.1.
near-case = قريب، لكنه يختلف في الأحرف الكبيرة والصغيرة.
near-query = قريب، لكنه يختلف في الاستعلام، أي الجزء الذي يلي علامة «?».

# ما الخطأ في عنوان.
redirect-empty = أدخل عنوان إعادة توجيه، مثل https://app.example/callback.
redirect-too-long = لا يزيد عنوان إعادة التوجيه على { $max } بايت.
redirect-no-scheme = ابدأ عنوان إعادة التوجيه بـ ⁦https://⁩.
redirect-character = لا يجوز الحرف رقم { $position } في العنوان: رمّز المسافات والحروف خارج ASCII بعلامة النسبة المئوية، واكتب أسماء المضيفين الدولية بصيغة ⁦xn--⁩، واكتب / مكان الشرطة المائلة العكسية.
redirect-fragment = احذف الجزء الذي يبدأ من #: فالرد يوضع هناك أو في الاستعلام.
redirect-wildcard = احذف *: يُسجَّل كل عنوان إعادة توجيه كاملًا دون حروف بدل.
redirect-escape = لا تكتب % إلا بدايةً لترميز من رقمين ستّ عشريين، مثل %20.
redirect-escaped-separator = لا يجوز أن يمثّل الترميز شرطة مائلة أو شرطة عكسية أو نقطة أو علامة نسبة مئوية أو حرف تحكم.
redirect-uppercase = اكتب المخطط والمضيف بأحرف صغيرة: هكذا ترسلهما المتصفحات.
redirect-forbidden-scheme = عنوان من هذا النوع ينفّذ شيفرة أو يفتح ملفات في المتصفح ولا يصلح عنوانًا لإعادة التوجيه.
redirect-not-native = هذا التطبيق غير مسجّل كتطبيق مثبَّت، لذا يبدأ عنوان إعادة توجيهه بـ ⁦https://⁩ (أو ⁦http://localhost⁩ أثناء التطوير).
redirect-no-domain = المخطط الخاص هو نطاق لك مكتوب بالعكس وفيه نقطة واحدة على الأقل، مثل com.example.app:/callback.
redirect-private-form = يلي المخطط الخاص مسارٌ أو مضيف بسيط، مثل com.example.app:/callback.
redirect-oob-not-native = لا يُعرض رمز التصريح على الشاشة إلا للتطبيقات المثبَّتة: سجّل التطبيق كتطبيق مثبَّت أو استخدم ⁦https://⁩.
redirect-plain-http = استخدم https؛ فلا يجوز http العادي إلا لـ 127.0.0.1 و⁦[::1]⁩ وlocalhost.
redirect-user-info = احذف اسم المستخدم أو كلمة المرور قبل @.
redirect-host = المضيف ليس اسم مضيف صالحًا.
redirect-trailing-dot = احذف النقطة في آخر المضيف.
redirect-address = اكتب عنوان IP بصيغته البسيطة، مثل 127.0.0.1 أو ⁦[::1]⁩.
redirect-port = المنفذ رقم من 1 إلى 65535 دون أصفار في أوله.
redirect-default-port = احذف المنفذ: فهو المعتاد لهذا المخطط.
redirect-dot-segment = احذف المقطعين ⁦.⁩ و⁦..⁩ من المسار.
redirect-reserved = احذف المعامل { $name } من الاستعلام: فالرد نفسه يستخدم هذا الاسم.
redirect-not-canonical = اكتب العنوان كما يرسله المتصفح: فهو يقرأ هذا قراءةً مختلفة.
outbound-off = لا يجلب هذا الخادم شيئًا: لم يفعّل مشغّله «outbound».
outbound-url = يجب أن يكون العنوان كاملًا وبلا مستخدم وألا يزيد على { $max } بايت.
outbound-not-https = يجب أن يبدأ العنوان بـ ⁦https://⁩.
outbound-not-public = للمضيف عنوان غير عام.

# ما الخطأ في إعداد من إعدادات OpenID Connect أو في المفاتيح.
member-too-long = أرسل { $max } بايت كحد أقصى.
member-too-many = لا ترسل أكثر من { $max } من العناصر.
member-seconds = أرسل عددًا صحيحًا من الثواني.
member-fragment = احذف الجزء الذي يبدأ من #.
member-encoding = رمّز ما ليس من ASCII والمسافات والأقواس بعلامة النسبة المئوية؛ واكتب أسماء المضيفين الدولية بصيغة ⁦xn--⁩.
member-not-https = ابدأ العنوان بـ ⁦https://⁩.
member-choice = اختر واحدًا من { $names }.
member-alone = أرسل { $name } أيضًا.
member-no-usable-key = لا يمكن استخدام أي من مفاتيحها هنا: أرسل مفاتيح RSA أو P-256 أو Ed25519 أو X25519.
member-urn = أرسل عنوانًا لا URN.
member-keys-twice = أرسل jwks أو jwks_uri، لا كليهما.
member-keys-missing = أرسل المفاتيح العامة اللازمة لذلك في jwks أو jwks_uri.
member-frame-elsewhere = يجب أن يكون المخطط والمضيف والمنفذ لأحد عناوين إعادة التوجيه.
member-other-kind = لا يستطيع تطبيق من هذا النوع إثبات هويته هكذا.
member-unsigned = لا يجوز الاستغناء عن التوقيع إلا لتطبيق يُردّ عليه برمز تصريح فقط.
member-no-key-for = لا مفتاح في المجموعة لـ { $name }.
member-connected = ربط أشخاصٌ هذا التطبيق، وسيعود كل منهم إليه كأنه غريب. سجّل تطبيقًا آخر بدلًا من ذلك.
member-several-hosts = تُنشأ الأرقام الخاصة لمضيف واحد، ولعناوين إعادة توجيه التطبيق عدة مضيفين أو لا مضيف لها.
json-too-long = نص JSON أطول من { $max } بايت.
json-too-deep = نص JSON متداخل إلى عمق يتجاوز المستوى { $max }.
json-twice = يتكرر العنصر { $name } في نص JSON.
json-twice-unnamed = يتكرر أحد العناصر في نص JSON.
json-no-object = نص JSON ليس كائنًا.
json-broken = في نص JSON خطأ في السطر { $line }، العمود { $column }.
jwk-missing = لا يحتوي JWK على العنصر { $name }.
jwk-type = نوع العنصر { $name } في JWK غير صحيح.
jwk-base64 = العنصر { $name } في JWK ليس base64url دون حشو.
jwk-private = يحتوي JWK على العنصر الخاص { $name }: انشر المفتاح العام فقط، واستبدل هذا المفتاح.
jwk-symmetric = هذا JWK مفتاح متماثل: استبدله فقد انكشف.
jwk-too-many = عدد المفاتيح في المجموعة أكثر من { $max }.
jwk-unsupported = قيمة kty أو crv في JWK غير مدعومة.
jwk-modulus = يجب أن يكون معامل RSA فرديًا وبطول 2048 إلى 4096 بت دون أصفار في أوله.
jwk-exponent = يجب أن يكون أُس RSA فرديًا، لا يقل عن 3 ولا يزيد على 33 بت، دون أصفار في أوله.
jwk-point = الإحداثيات ليست نقطة على المنحنى، أو ليست بطوله.
jwk-kid = يجب أن يكون طول kid من 1 إلى { $max } بايت.
jwk-operation-twice = تذكر key_ops عملية مرتين.
jwk-operations = تذكر key_ops أكثر من { $max } من العمليات.
jwk-algorithm = لا يناسب kty أو crv أو alg في JWK { $name }.
jwk-use = لا يسمح use أو key_ops في JWK بـ { $name }.

# لماذا رُفض طلب، بأسماء الأسباب.
LogoutUnheard = لم يرد عنوان تسجيل الخروج الخلفي للتطبيق بنجاح على رمز تسجيل الخروج. تُعاد المحاولة لمدة يوم.
RedirectForeign = يؤدي عنوان إعادة التوجيه إلى مكان ليس من الأماكن المسجّلة لهذا التطبيق.
NotResourceServer = ليس هذا رمزًا ساريًا لهذا التطبيق، ولذلك كان الرد active: false. يستعلم التطبيق عن رموزه هو؛ أما رموز غيره فلا يستعلم عنها إلا خادم موارد، ويستطيع مشغّل الخدمة أن يجعله كذلك.
RedirectUnregistered = عنوان إعادة التوجيه غير مسجّل لهذا التطبيق.
RedirectMissing = لم يذكر الطلب إلى أين تكون العودة: redirect_uri مفقود.
OutOfBandOff = لا يعرض هذا الخادم رموزًا على صفحة: عمليات إعادة التوجيه اليدوية معطّلة.
RefusedOtherwise = رُفض لسبب لا يعرفه هذا الإصدار.
ResponseTypeMissing = ‏response_type مفقود؛ وهو «code» لتطبيق الخادم.
ResponseTypeUnknown = ‏response_type هذا غير مدعوم هنا؛ استخدم «code».
ResponseTypeUnregistered = لم يسجّل هذا التطبيق response_type هذا.
ResponseModeUnfit = قيمة response_mode هي «query» (مع response_type=code وحده) أو «fragment» أو «form_post».
ImplicitOff = لا يجوز لهذا التطبيق استخدام response_type فيه «token»؛ يستطيع مالكه تفعيل التدفق الضمني في وحدة تحكم المطوّرين، لكن «code» مع PKCE أكثر أمانًا.
ImplicitNeedsHttps = يحتاج response_type فيه «token» أو «id_token» إلى عنوان إعادة توجيه يبدأ بـ ⁦https://⁩؛ ولا يُرسل إلى غيره إلا رمز تصريح.
OpenidMissing = يحتاج response_type فيه «id_token» إلى النطاق «openid».
NonceMissing = ‏nonce مطلوب مع response_type فيه «id_token».
NonceTooLong = ‏nonce أطول من 1024 بايت.
ClaimsMalformed = يجب أن يكون claims كائن JSON وفق OpenID Connect Core 5.5، وألا يزيد على 4096 بايت.
AcrUnmet = لا يبلغ أي تسجيل دخول هنا قيمة acr التي يصرّ عليها الطلب.
HintInvalid = ‏id_token_hint ليس رمز هوية أصدره هذا الخادم لهذا التطبيق.
NotHinted = سجّل الدخولَ مستخدمٌ غير الذي يسمّيه id_token_hint أو claims.
StateMissing = ‏state مطلوب ما لم يحمل الطلب code_challenge الخاص بـ PKCE.
StateTooLong = ‏state أطول من 2048 بايت.
ChallengeMethod = يجب أن يكون code_challenge_method هو S256؛ ويُرفض «plain» وغياب الطريقة.
ChallengeMalformed = يجب أن يكون code_challenge قيمة SHA-256 بترميز base64url، من 43 حرفًا، تُرسل مع code_challenge_method=S256.
ChallengeMissing = على هذا التطبيق استخدام PKCE: أرسل code_challenge وcode_challenge_method=S256.
ScopeMalformed = يجب أن يكون scope قائمة بأسماء نطاقات تفصل بينها مسافات مفردة، ولا تزيد على 255 بايت.
ScopeUnknown = يسمّي scope شيئًا غير متاح هنا؛ وتجد المتاح في scopes_supported ضمن البيانات الوصفية.
ScopeNeedsRole = يسمّي scope شيئًا لا يمنحه هنا إلا من له دور في الإدارة.
PromptInvalid = يجب أن يكون prompt واحدًا من login أو consent أو select_account، أو none وحده.
MaxAgeInvalid = يجب أن يكون max_age عددًا صحيحًا من الثواني.
RequestObject = المعامل request غير مدعوم هنا.
RequestUri = لا يجلب هذا الخادم أي request_uri: أرسل الكائن نفسه في request، أو اطلب من المشغّل تفعيل الطلبات الصادرة.
RequestTwice = أرسل request أو request_uri، لا كليهما.
RequestObjectMalformed = يجب أن يكون كائن الطلب JWT لا يزيد على 7168 بايت وبياناته معاملات طلب التصريح.
RequestObjectEncryption = لا يمكن فتح كائن الطلب المشفَّر: شفّره لمفتاح في jwks_uri لهذا الخادم قيمة use فيه enc، واقرأ ذلك المستند قبل ذلك بخمس دقائق على الأكثر.
RequestObjectAlgorithm = كائن الطلب غير موقّع كما سجّل هذا التطبيق (request_object_signing_alg): RS256 أو PS256 أو ES256 أو EdDSA، أو none حيث سُجّل ذلك.
RequestObjectKeys = تعذّرت قراءة مفاتيح التطبيق العامة، أو لا يناسب أي منها كائن الطلب: يجب أن تسمّي ترويسته أحدها بـ kid ما لم يناسب alg مفتاح واحد فقط.
RequestObjectSignature = لا يطابق توقيع كائن الطلب مفتاح التطبيق العام، أو أن typ فيه لنوع آخر من الرموز.
RequestObjectForOthers = في كائن الطلب يكون iss هو client_id وaud هو المُصدر حيث وُجدا؛ ولا يكون sub هو client_id.
RequestObjectTime = انتهت صلاحية كائن الطلب أو لم تبدأ بعد.
RequestObjectNested = لا يجوز أن يحتوي كائن الطلب على request أو request_uri.
RequestObjectDiffers = يجب أن يتطابق client_id وresponse_type داخل كائن الطلب وخارجه.
RequestObjectTooLong = كائن الطلب خلف request_uri أطول من أن يكون في عنوان: 7168 بايت كحد أقصى مع كل ما هو خارجه.
RequestUriUnregistered = ‏request_uri هذا ليس مما سجّله التطبيق (request_uris).
RequestUriUnreachable = لم يُعطِ request_uri كائنًا: يجب أن يكون عامًا، وأن يرد عبر https بالحالة 200 خلال 5 ثوانٍ دون إعادة توجيه، وألا يزيد على 7168 بايت.
Denied = لم يسمح المستخدم لهذا التطبيق.
NotLoggedIn = ‏prompt=none، لكن على المستخدم تسجيل الدخول أولًا.
NotConsented = ‏prompt=none، لكن على المستخدم أن يوافق أولًا.
OtherAccount = ‏prompt=none، لكن الحساب الذي سجّل الدخول غير الذي في login_hint.
ClientMissing = لا مصادقة للعميل: أرسل client_id وclient_secret في المتن أو عبر HTTP Basic.
ClientTwice = جاءت بيانات اعتماد العميل بأكثر من طريقة: أرسلها عبر HTTP Basic أو في المتن أو في client_assertion.
ClientMalformed = ترويسة Authorization ليست HTTP Basic صالحة؛ يُرمَّز المعرّف والسر ترميز النماذج ويُجمعان بنقطتين ثم يُرمَّزان بـ base64.
ClientUnknown = لا يوجد تطبيق كهذا: تحقق من client_id.
ClientSuspended = أُوقف هذا التطبيق؛ وتذكر صفحته في وحدة تحكم المطوّرين السبب.
SecretMissing = على هذا التطبيق إرسال client_secret.
SecretWrong = ‏client_secret ليس سرًا ساريًا لهذا التطبيق: تحقق من أنه نُسخ كاملًا ولم يُزَل.
AuthMethodOther = سجّل هذا التطبيق token_endpoint_auth_method غير التي استخدمها.
AssertionMissing = على هذا التطبيق إرسال client_assertion: فقد سجّل client_secret_jwt أو private_key_jwt.
AssertionType = يجب أن يكون client_assertion_type هو urn:ietf:params:oauth:client-assertion-type:jwt-bearer.
AssertionMalformed = يجب أن يكون client_assertion رمز JWT موقّعًا بالصيغة المدمجة، لا يزيد على 8192 بايت، بلا typ أو بقيمة typ «JWT».
AssertionAlgorithm = ‏client_assertion غير موقّع بالخوارزمية التي سجّلها هذا التطبيق، أو بما يجوز لـ private_key_jwt.
AssertionKeyUnknown = لا يناسب أي من مفاتيح التطبيق العامة client_assertion: يجب أن تسمّي ترويسته أحدها بـ kid ما لم يناسب alg مفتاح واحد فقط.
AssertionSignature = لا يطابق توقيع client_assertion مفتاح التطبيق العام (private_key_jwt) أو سره (client_secret_jwt).
AssertionIncomplete = يحتاج client_assertion إلى iss وsub وaud وexp وjti؛ وتكون iss وsub وjti نصوصًا وexp عددًا من الثواني.
AssertionIssuer = يجب أن يكون كل من iss وsub في client_assertion هو client_id.
AssertionAudience = يجب أن يكون aud في client_assertion هو المُصدر أو عنوان نقطة الرموز.
AssertionTime = انتهت صلاحية client_assertion أو لم تبدأ بعد: أنشئ واحدًا جديدًا لكل طلب، وتحقق من الساعة.
AssertionTooLong = ‏exp في client_assertion أبعد من ساعة.
AssertionReused = استُخدم client_assertion هذا من قبل: أنشئ واحدًا جديدًا بقيمة jti جديدة لكل طلب.
SecretNotKept = يحتاج client_secret_jwt إلى سر أُنشئ بعد اختيار هذه الطريقة: أنشئ سرًا جديدًا في وحدة تحكم المطوّرين.
ClientKeysOff = لا يجلب هذا الخادم أي jwks_uri: سجّل المفاتيح نفسها في jwks، أو اطلب من المشغّل تفعيل الطلبات الصادرة.
ClientKeysUnreachable = لم يُعطِ jwks_uri للتطبيق مجموعة JWK: يجب أن يكون عامًا، وأن يرد عبر https بالحالة 200 خلال 5 ثوانٍ دون إعادة توجيه، وألا يزيد على 64 كيبيبايت.
ClientKeysMissing = ليس للتطبيق مفاتيح عامة هنا: سجّل jwks أو jwks_uri.
EncryptionKeyMissing = لا يناسب أي من مفاتيح التطبيق العامة التشفير الذي سجّله.
SecretUnexpected = هذا التطبيق عميل عام وليس له سر؛ أرسل client_id فقط.
FormUnreadable = يجب أن يكون المتن application/x-www-form-urlencoded وفيه كل معامل مرة واحدة.
GrantTypeMissing = ‏grant_type مفقود؛ وهو authorization_code أو refresh_token.
GrantTypeUnknown = يجب أن يكون grant_type هو authorization_code أو refresh_token.
CodeMissing = ‏code مفقود.
CodeUnknown = رمز التصريح هذا غير معروف هنا: تحقق من أنه أُرسل كاملًا. تُنسى الرموز التي استُخدمت أو انتهت منذ زمن طويل.
CodeOfOtherClient = صدر رمز التصريح هذا لـ client_id آخر.
CodeRedirectDiffers = يختلف redirect_uri عن الذي في طلب التصريح؛ ويجب أن يكون هو نفسه بايتًا ببايت.
CodeUsed = استُخدم رمز التصريح هذا من قبل، وأُبطل ما حصل عليه. ابدأ تصريحًا جديدًا.
CodeExpired = انتهت صلاحية رمز التصريح هذا؛ بادله فور إعادة التوجيه.
VerifierMissing = ‏code_verifier مفقود: حمل طلب التصريح code_challenge.
VerifierUnexpected = أُرسل code_verifier، لكن طلب التصريح لم يحمل code_challenge.
VerifierWrong = لا يطابق code_verifier قيمة code_challenge في طلب التصريح.
ProofMissing = على هذا التطبيق استخدام PKCE، أو client_secret مع رمز يُنسخ باليد.
SessionEnded = سجّل المستخدم خروجه، وانتهى هذا الدخول مع الجلسة؛ اطلب offline_access حيث لا ينبغي ذلك.
RefreshMissing = ‏refresh_token مفقود.
RefreshUnknown = هذا ليس رمز تحديث من هذا الخادم: تحقق من أنه نُسخ كاملًا.
RefreshOfOtherClient = صدر رمز التحديث هذا لـ client_id آخر.
RefreshReused = استُبدل رمز التحديث هذا برمز أحدث قيد الاستخدام؛ واحتياطًا أُبطلت جميع رموز هذا التصريح.
RefreshRevoked = أُبطل رمز التحديث هذا.
RefreshIdle = لم يُستخدم رمز التحديث هذا مدة طويلة فانتهت صلاحيته.
RefreshTooOld = بلغ هذا التصريح أقصى عمر ممكن هنا؛ أرسل المستخدم إلى تصريح جديد.
RefreshWornOut = حُدّث هذا التصريح أقصى عدد ممكن من المرات؛ ابدأ تصريحًا جديدًا.
RefreshRedirectDiffers = ‏redirect_uri غير مسجّل لهذا التطبيق؛ احذفه عند التحديث.
ScopeWidened = يطلب scope أكثر مما سمح به المستخدم؛ ولا يجوز للتحديث إلا التضييق.
GrantEnded = أنهى المستخدم وصول هذا التطبيق.
UserDisabled = حساب هذا المستخدم غير نشط.
TooManyErrors = طلبات فاشلة كثيرة جدًا؛ انتظر بقدر ما تقول Retry-After.
RegistrationToken = لا يصلح هذا الرمز لذلك: كُتب خطأً أو هو لتطبيق آخر أو استُنفد أو انتهت صلاحيته.
TokenMissing = ‏token مفقود.
BearerMissing = أرسل الرمز هكذا: «Authorization: Bearer TOKEN».
BearerMalformed = ترويسة Authorization ليست «Bearer TOKEN».
BearerTwice = جاء الرمز في ترويسة Authorization وفي النموذج معًا؛ أرسله مرة واحدة.
BearerUnknown = لا يوجد رمز كهذا: أُبطل أو لم يُنسخ كاملًا.
BearerExpired = انتهت صلاحية الرمز.
BearerRevoked = أُبطل الرمز.
ScopeMissing = ليس للرمز النطاق الذي يحتاج إليه هذا الطلب.

# ما الخطأ في طلب تطبيقٍ تسجيلَ الخروج.
logout-malformed = العنوان غير سليم أو يذكر معاملًا مرتين.
logout-hint-invalid = ‏id_token_hint ليس رمز هوية وقّعه هذا الخادم.
logout-client-unknown = لا تطبيق له client_id هذا.
logout-client-differs = أُنشئ id_token_hint لتطبيق غير الذي يسمّيه client_id.
logout-client-missing = يحتاج post_logout_redirect_uri إلى id_token_hint أو client_id معه.
logout-redirect-unregistered = ‏post_logout_redirect_uri ليس مما سجّله التطبيق، حرفًا بحرف.
