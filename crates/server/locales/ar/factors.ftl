# طرق تسجيل الدخول.
factors-title = طرق تسجيل الدخول
factors-lead = مع طريقة ثانية لا تفتح كلمة المرور المسروقة شيئًا.
factors-lead-required = تطلب هذه الخدمة أكثر من كلمة مرور: يجب أن تبقى إحدى هذه الطرق.
factors-passkeys = مفاتيح المرور
factors-add-passkey = إضافة مفتاح مرور…
factors-no-passkeys = لا يوجد بعد. يسجّل مفتاح المرور دخولك بالبصمة أو الوجه أو رمز جهازك بدل كلمة المرور.
factors-syncs = متاح على جميع أجهزتك
factors-passkey-used = أُنشئ في { $created } · استُخدم { $used }
factors-passkey-unused = أُنشئ في { $created } · لم يُستخدم قط
factors-rename = إعادة تسمية<unseen> { $name }</unseen>
factors-new-name = الاسم الجديد
factors-save-name = حفظ الاسم
factors-remove = إزالة<unseen> { $name }</unseen>
factors-app = تطبيق المصادقة
factors-set-up-app = إعداد تطبيق…
factors-app-used = أُعدّ في { $created } · استُخدم { $used }
factors-app-unused = أُعدّ في { $created } · لم يُستخدم منذ ذلك الحين
factors-remove-app = إزالة التطبيق
factors-no-app = لا يوجد بعد. يعرض التطبيق رموزًا من ستة أرقام، تُطلب عند تسجيل الدخول بعد كلمة مرورك.
factors-recovery = رموز الاسترداد
factors-recovery-left = { PLURAL($n) ->
    [zero] ليس لديك أي رمز. أنشئ بعضها لليوم الذي تفقد فيه الطرق الأخرى.
    [one] بقي رمز واحد. أنشئ رموزًا جديدة قريبًا.
    [two] بقي رمزان. يعمل كل رمز مرة واحدة بعد كلمة مرورك.
    [few] بقيت { $n } رموز. يعمل كل رمز مرة واحدة بعد كلمة مرورك.
    [many] بقي { $n } رمزًا. يعمل كل رمز مرة واحدة بعد كلمة مرورك.
   *[other] بقي { $n } رمز. يعمل كل رمز مرة واحدة بعد كلمة مرورك.
}
factors-make-codes = إنشاء رموز الاسترداد
factors-make-new-codes = إنشاء رموز جديدة
factors-password-is = تُغيَّر كلمة مرورك من صفحة <account>حسابك</account>.
factors-back = العودة إلى <account>حسابك</account>.
factors-done-code = أُعدّ تطبيق المصادقة. من الآن فصاعدًا يُطلب رمزه عند تسجيل الدخول.
factors-done-no-code = أُزيل تطبيق المصادقة.
factors-done-passkey = أُضيف مفتاح مرورك. يمكنك تسجيل الدخول به من الآن.
factors-done-no-passkey = أُزيل مفتاح المرور. احذفه من جهازك أيضًا.
factors-done-renamed = أصبح لمفتاح المرور اسمه الجديد.

# تطبيق مصادقة.
factor-code-heading = إعداد تطبيق مصادقة
factor-code-lead = يعرض رمزًا جديدًا كل 30 ثانية، وسيُطلب عند تسجيل الدخول بعد كلمة مرورك.
factor-code-use = استخدام هذا التطبيق
factor-code-late = استغرق هذا وقتًا طويلًا. إليك سرًّا جديدًا: امسحه ضوئيًا مرة أخرى.
factor-code-wrong = هذا ليس رمز هذه اللحظة. هل ساعة جهازك صحيحة؟

# مفتاح مرور.
factor-passkey-title = مفتاح مرور جديد
factor-passkey-add = إضافة مفتاح مرور
factor-passkey-lead = تسجّل الدخول ببصمتك أو وجهك أو رمز جهازك، دون أن تحفظ شيئًا. يعمل مفتاح المرور على هذا الموقع وحده، فلا يستطيع أحد أن يخدعك ليأخذه.
factor-passkey-name = ماذا تسمّيه؟
factor-passkey-name-hint = الجهاز أو مدير كلمات المرور الذي سيحتفظ به.
factor-passkey-back = رجوع
factor-passkey-not-made = لم يُضف مفتاح المرور هذا. ربما بقيت الصفحة مفتوحة طويلًا، أو لدى هذا الجهاز مفتاح لك بالفعل: أعد المحاولة.

# رموز الاسترداد.
recovery-codes-heading = دوّن هذه الرموز
recovery-codes-lead = يسجّل كل منها دخولك مرة واحدة مع كلمة مرورك، يوم تفقد طريقتك الأخرى. تُعرض هذه المرة فقط.
recovery-codes-label = رموز الاسترداد الخاصة بك
recovery-codes-keep = احفظها على الورق أو في مدير كلمات مرور، لا على الجهاز الذي تسجّل الدخول به.
recovery-codes-old = لم تعد الرموز القديمة تعمل.
recovery-codes-onward = دوّنتها

# طريقة ثانية عند تسجيل الدخول.
set-up-factor-title = إعداد طريقة ثانية لتسجيل الدخول
set-up-factor-lead = كلمة المرور وحدها لا تكفي في { $brand }. يستغرق الأمر دقيقة، مرة واحدة، من أجل { $email }.
set-up-factor-make = إنشاء مفتاح مرور
set-up-factor-passkey = بمفتاح المرور تسجّل الدخول ببصمتك أو وجهك أو رمز جهازك.
set-up-factor-impossible = تطلب هذه الخدمة مفتاح مرور، ولا تنشئه المتصفحات على هذا العنوان. يرجى إبلاغ مشغّلها.
set-up-factor-app = أو استخدم تطبيق مصادقة
set-up-factor-not-you = لست أنت؟ <again>ابدأ من جديد</again>
