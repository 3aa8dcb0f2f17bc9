import django.db.models.deletion
import django.db.models.functions.text
import portal.clock
import portal.contrast
import portal.crypto
import portal.models.journal
import uuid
from django.conf import settings
from django.db import migrations, models
from portal.migration import Initial


class Migration(Initial):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Employer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='adresse courte')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('neutral_name', models.CharField(max_length=80, verbose_name='nom court neutre')),
                ('branch', models.CharField(choices=[('fpe', 'fonction publique de l’État'), ('fpt', 'fonction publique territoriale'), ('fph', 'fonction publique hospitalière')], max_length=3, verbose_name='versant')),
                ('time_zone', models.CharField(default='Europe/Paris', max_length=40, verbose_name='fuseau horaire')),
                ('headcount', models.PositiveIntegerField(blank=True, null=True, verbose_name='nombre d’agents')),
                ('accent', models.CharField(default='#1f5c57', max_length=7, validators=[portal.contrast.validate_accent], verbose_name='couleur d’accent')),
                ('fictional', models.BooleanField(default=False, verbose_name='employeur fictif')),
            ],
            options={
                'verbose_name': 'employeur',
                'ordering': ['slug'],
            },
        ),
        migrations.CreateModel(
            name='ErasureRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_ref', models.UUIDField(unique=True)),
                ('at', models.DateTimeField(default=portal.clock.now)),
            ],
            options={
                'verbose_name': 'effacement',
            },
        ),
        migrations.CreateModel(
            name='JournalSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('last_id', models.UUIDField()),
                ('entries', models.PositiveIntegerField()),
                ('prev_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
                ('purged_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'scellé du journal',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Lease',
            fields=[
                ('name', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('until', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'verrou',
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='adresse électronique')),
                ('is_active', models.BooleanField(default=True, verbose_name='actif')),
                ('date_joined', models.DateTimeField(default=portal.clock.now, verbose_name='créé le')),
            ],
            options={
                'verbose_name': 'compte',
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_lower')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('email', portal.crypto.SealedField(blank=True, default='', verbose_name='adresse invitée')),
                ('role', models.CharField(blank=True, choices=[('referent', 'référent·e handicap'), ('hr_signatory', 'RH, signataire'), ('hr_reader', 'RH, lecture'), ('dpo', 'délégué·e à la protection des données'), ('network', 'animation de réseau'), ('administrator', 'administration technique')], max_length=20, verbose_name='rôle donné')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_by_ref', models.UUIDField(editable=False)),
                ('created_at', models.DateTimeField(default=portal.clock.now, verbose_name='créée le')),
                ('expires_at', models.DateTimeField(verbose_name='expire le')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='utilisée le')),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='portal.employer')),
            ],
            options={
                'verbose_name': 'invitation',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='clé d’unicité')),
                ('kind', models.CharField(max_length=40)),
                ('object_ref', models.UUIDField(null=True)),
                ('state', models.CharField(choices=[('queued', 'en file'), ('running', 'en cours'), ('done', 'terminé'), ('failed', 'échec')], default='queued', max_length=10, verbose_name='état')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('run_after', models.DateTimeField(default=portal.clock.now)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('done', models.PositiveIntegerField(default=0, verbose_name='étapes faites')),
                ('total', models.PositiveIntegerField(default=1, verbose_name='étapes en tout')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='raison de l’échec')),
                ('created_at', models.DateTimeField(default=portal.clock.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'tâche',
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['state', 'run_after'], name='job_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='running_job_has_lease')],
            },
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_index=True, verbose_name='le')),
                ('actor_ref', models.UUIDField(null=True, verbose_name='auteur')),
                ('subject_ref', models.UUIDField(db_index=True, null=True, verbose_name='personne concernée')),
                ('employer_ref', models.UUIDField(null=True, verbose_name='employeur')),
                ('verb', models.CharField(choices=[('signed_in', 's’est connecté·e'), ('read_file', 'a consulté la fiche'), ('read_list', 'a consulté une liste'), ('decided', 'a donné une réponse'), ('created', 'a créé'), ('changed', 'a modifié'), ('moved', 'a changé l’état'), ('exported', 'a exporté'), ('downloaded', 'a téléchargé'), ('switched_space', 'a changé d’espace'), ('took_over', 'a pris le relais : peut voir ma participation'), ('entered_for', 'a saisi pour le compte de')], max_length=20, verbose_name='acte')),
                ('label', models.CharField(max_length=60, verbose_name='objet')),
                ('object_ref', models.UUIDField(null=True, verbose_name='référence de l’objet')),
                ('count', models.PositiveIntegerField(default=1, verbose_name='nombre de lignes')),
                ('salt', models.CharField(blank=True, default=portal.models.journal.new_salt, max_length=64, verbose_name='sel des références')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='empreinte des références coupées')),
            ],
            options={
                'verbose_name': 'entrée du journal',
                'ordering': ['-at', 'id'],
                'indexes': [models.Index(fields=['object_ref'], name='journal_object')],
                'constraints': [models.CheckConstraint(condition=models.Q(('digest', ''), models.Q(('object_ref__isnull', True), ('salt', ''), ('subject_ref__isnull', True)), _connector='OR'), name='a_cut_entry_names_nothing')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('given', models.CharField(max_length=80, verbose_name='prénom')),
                ('family', models.CharField(max_length=80, verbose_name='nom')),
                ('sort_key', models.CharField(db_index=True, editable=False, max_length=200)),
                ('search_key', models.CharField(editable=False, max_length=200)),
                ('contact', portal.crypto.SealedField(blank=True, default='', verbose_name='moyen de contact choisi')),
                ('notify_email', portal.crypto.SealedField(blank=True, default='', verbose_name='adresse personnelle pour les messages')),
                ('created_at', models.DateTimeField(default=portal.clock.now, verbose_name='créée le')),
                ('erase_on', models.DateField(blank=True, null=True, verbose_name='à effacer le')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='person', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'personne',
                'ordering': ['sort_key', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FormReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(unique=True)),
                ('url', models.CharField(max_length=300, verbose_name='page du résultat')),
                ('at', models.DateTimeField(default=portal.clock.now)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='receipts', to='portal.person')),
            ],
            options={
                'verbose_name': 'reçu de formulaire',
            },
        ),
        migrations.CreateModel(
            name='SignedLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('purpose', models.CharField(max_length=40, verbose_name='usage')),
                ('object_ref', models.UUIDField()),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=portal.clock.now, verbose_name='créé le')),
                ('expires_at', models.DateTimeField(verbose_name='expire le')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='utilisé le')),
            ],
            options={
                'verbose_name': 'lien signé',
                'indexes': [models.Index(fields=['purpose', 'object_ref'], name='link_object')],
            },
        ),
        migrations.CreateModel(
            name='Transition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=60)),
                ('object_ref', models.UUIDField()),
                ('move', models.CharField(max_length=40)),
                ('from_state', models.CharField(max_length=30)),
                ('to_state', models.CharField(max_length=30)),
                ('by_ref', models.UUIDField(null=True)),
                ('reason_code', models.CharField(blank=True, max_length=40)),
                ('at', models.DateTimeField(default=portal.clock.now)),
            ],
            options={
                'verbose_name': 'changement d’état',
                'ordering': ['at', 'pk'],
                'indexes': [models.Index(fields=['object_ref', 'at'], name='transition_object')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('is_team', models.BooleanField(default=False, verbose_name='équipe')),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='portal.employer')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='portal.unit')),
            ],
            options={
                'verbose_name': 'unité',
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('employer', 'parent', 'name'), name='unit_name_once'), models.UniqueConstraint(condition=models.Q(('parent__isnull', True)), fields=('employer', 'name'), name='top_unit_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Affiliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts', models.DateField(verbose_name='depuis le')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='affiliations', to='portal.employer')),
                ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='managed', to='portal.person')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='affiliations', to='portal.person')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='affiliations', to='portal.unit')),
            ],
            options={
                'verbose_name': 'rattachement',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends__isnull', True)), fields=('person',), name='one_open_affiliation'), models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gte', models.F('starts')), _connector='OR'), name='affiliation_dates'), models.CheckConstraint(condition=models.Q(('manager__isnull', True), models.Q(('manager', models.F('person')), _negated=True), _connector='OR'), name='not_own_manager')],
            },
        ),
        migrations.CreateModel(
            name='EmailDomain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('domain', models.CharField(max_length=120, verbose_name='domaine')),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='domains', to='portal.employer')),
            ],
            options={
                'verbose_name': 'domaine de messagerie',
                'constraints': [models.UniqueConstraint(fields=('employer', 'domain'), name='domain_once_per_employer'), models.CheckConstraint(condition=models.Q(('domain', django.db.models.functions.text.Lower('domain'))), name='domain_lower')],
            },
        ),
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='clé d’unicité')),
                ('kind', models.CharField(max_length=60)),
                ('address', portal.crypto.SealedField(blank=True, default='', verbose_name='adresse, si elle n’est pas celle du compte')),
                ('object_ref', models.UUIDField(null=True)),
                ('payload', portal.crypto.SealedField(blank=True, default='', verbose_name='contenu secret, effacé après l’envoi')),
                ('state', models.CharField(choices=[('queued', 'à envoyer'), ('sent', 'envoyé'), ('failed', 'échec'), ('kept', 'dans le portail seulement'), ('waiting', 'dans le message du jour')], default='queued', max_length=10, verbose_name='état')),
                ('created_at', models.DateTimeField(default=portal.clock.now)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='lue dans le portail le')),
                ('employer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='portal.employer')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='portal.person')),
            ],
            options={
                'verbose_name': 'message à envoyer',
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['person', 'created_at'], name='news_of_somebody')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), models.Q(('sent_at__isnull', False), ('payload', '')), _connector='OR'), name='sent_mail_is_wiped')],
            },
        ),
        migrations.CreateModel(
            name='NewsPreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(choices=[('pair', 'Mon binôme et les propositions'), ('part', 'Ma participation et ma lettre'), ('training', 'Ma formation'), ('supervision', 'La supervision'), ('together', 'Les temps collectifs et les rencontres croisées'), ('team', 'Mon rôle dans l’équipe du programme'), ('safety', 'Ce qui touche à la sécurité')], max_length=14, verbose_name='nouvelles')),
                ('way', models.CharField(choices=[('portal', 'Dans le portail'), ('grouped', 'Une fois par jour'), ('at_once', 'Une par une')], max_length=8, verbose_name='comment')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='news_preferences', to='portal.person')),
            ],
            options={
                'verbose_name': 'préférence de messages',
                'constraints': [models.UniqueConstraint(fields=('person', 'topic'), name='one_preference_per_topic')],
            },
        ),
        migrations.CreateModel(
            name='EmployerRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('starts', models.DateField(verbose_name='depuis le')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('role', models.CharField(choices=[('referent', 'référent·e handicap'), ('hr_signatory', 'RH, signataire'), ('hr_reader', 'RH, lecture'), ('dpo', 'délégué·e à la protection des données'), ('network', 'animation de réseau'), ('administrator', 'administration technique')], max_length=20, verbose_name='rôle')),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='portal.employer')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='employer_roles', to='portal.person')),
            ],
            options={
                'verbose_name': 'rôle auprès d’un employeur',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends__isnull', True)), fields=('person', 'employer', 'role'), name='one_open_employer_role'), models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gte', models.F('starts')), _connector='OR'), name='employer_role_dates')],
            },
        ),
        migrations.CreateModel(
            name='StoredDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='clé d’unicité')),
                ('kind', models.CharField(max_length=40)),
                ('label', models.CharField(max_length=160, verbose_name='intitulé')),
                ('filename', models.CharField(max_length=120, verbose_name='nom de fichier proposé')),
                ('object_ref', models.UUIDField(null=True)),
                ('media_type', models.CharField(max_length=80)),
                ('size', models.PositiveIntegerField(blank=True, null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('pending', 'en préparation'), ('ready', 'prêt')], default='pending', max_length=10, verbose_name='état')),
                ('created_at', models.DateTimeField(default=portal.clock.now)),
                ('retention_anchor', models.DateField(blank=True, null=True)),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='portal.employer')),
            ],
            options={
                'verbose_name': 'document',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(models.Q(('sha256', ''), _negated=True), ('size__isnull', False)), _connector='OR'), name='ready_document_has_hash')],
            },
        ),
    ]
